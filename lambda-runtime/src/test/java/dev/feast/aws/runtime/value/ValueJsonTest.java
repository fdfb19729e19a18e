package dev.feast.aws.runtime.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValueJsonTest {

  /** Stored bytes as Feast wrote them, see fixtures. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          NTOBzzw=     | 0.025330161675810814
          IJEG         | 785
          IIGAgICAgIAQ | 9007199254740993
          KZqZmZmZmbk/ | 0.1
          GCU=         | 37
          Eghab8OrIOKYgw== | "Zoë ☃"
          CgMAAf8=     | "AAH/"
          CgA=         | ""
          OAE=         | true
          OAA=         | false
          QMDTnNcG     | 1793534400
          agUKAwECAw== | [1,2,3]
          agA=         | []
          cggKBoCAgICAIA== | [1099511627776]
          ehIKEJqZmZmZmbk/mpmZmZmZyT8= | [0.1,0.2]
          ggEKCgjNzMw9zcxMPg== | [0.10000000149011612,0.20000000298023224]
          YgYKAWEKAWI= | ["a","b"]
          igEECgIBAA== | [true,false]
          kgEHCgXA05zXBg== | [1793534400]
          WgMKAXg=     | ["eA=="]
          mAEA         | null
          ''           | null
          """)
  void writesWhatFeastStored(String stored, String json) throws IOException {
    assertThat(json(Base64.getDecoder().decode(stored))).isEqualTo(json);
  }

  /** Written and answered by Feast 0.67.0's own classes. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          sgEECgIA/w==   | ["AP8="]
          ugEGCgFhCgFi   | ["a","b"]
          wgENCgsB/v//////////AQ== | [1,-2]
          ygEICgaAgICAgCA= | [1099511627776]
          0gEKCgiamZmZmZm5Pw== | [0.1]
          2gEGCgQAAAA/   | [0.5]
          4gEECgIBAA==   | [true,false]
          6gEHCgXA05zXBg== | [1793534400]
          ogEKCggKAWsSAxIBdg== | {"k":"v"}
          ogEA           | {}
          ogEXChUKAW4SEKIBDQoLCgF4EgZyBAoCAQI= | {"n":{"x":[1,2]}}
          qgENCgkKBwoBYRICGAEKAA== | [{"a":1},{}]
          kgISChAKAXkSCyD///////////8B | {"y":-1}
          mgIbChAKDgoBeBIJKQAAAAAAAPg/CgcKBQoBeBIA | [{"x":1.5},{"x":null}]
          ggIWeyJhIjogWzEsIG51bGwsIHRydWVdfQ== | "{\\"a\\": [1, null, true]}"
          igIJCgJ7fQoDWzFd | ["{}","[1]"]
          ogIkMDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAx | "00000000-0000-0000-0000-000000000001"
          qgIkMmM1ZWE0YzAtNDA2Ny0xMWU5LThiYWQtOWIxZGViNGQzYjdk | "2c5ea4c0-4067-11e9-8bad-9b1deb4d3b7d"
          sgImCiQwMDAwMDAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDE= | ["00000000-0000-0000-0000-000000000001"]
          ugImCiQyYzVlYTRjMC00MDY3LTExZTktOGJhZC05YjFkZWI0ZDNiN2Q= | ["2c5ea4c0-4067-11e9-8bad-9b1deb4d3b7d"]
          wgImCiQwMDAwMDAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDE= | ["00000000-0000-0000-0000-000000000001"]
          ygImCiQyYzVlYTRjMC00MDY3LTExZTktOGJhZC05YjFkZWI0ZDNiN2Q= | ["2c5ea4c0-4067-11e9-8bad-9b1deb4d3b7d"]
          0gIOCgZyBAoCAQIKAnIACgA= | [[1,2],[],null]
          0gIMCgrSAgcKBWIDCgF4 | [[["x"]]]
          2gIICga6AQMKAWE= | [["a"]]
          4gIHMTIuMzQwMA== | "12.3400"
          6gIKCgQxLjEwCgItMg== | ["1.10","-2"]
          8gIFCgMwLjE=   | ["0.1"]
          +gILCgkKAhABEgMSAXg= | null
          ggMGCMDTnNcG   | "2026-11-01T12:00:00+00:00"
          ggMVCMDTnNcGEg1FdXJvcGUvQmVybGlu | "2026-11-01T13:00:00+01:00"
          ggMVCMDo9dAGEg1FdXJvcGUvQmVybGlu | "2026-06-01T14:00:00+02:00"
          ggMRCMDTnNcGEglVVEMtMDc6MDA= | "2026-11-01T05:00:00-07:00"
          ggMNCMDTnNcGEgUrMDUzMA== | "2026-11-01T17:30:00+05:30"
          ggMOCMDTnNcGEgYrMDU6MzA= | "2026-11-01T17:30:00+05:30"
          ggMZCIDEvun0/////wESDEV1cm9wZS9QYXJpcw== | "1874-12-07T18:49:21+00:09:21"
          ggMUCMDTnNcGEgxOb3doZXJlL0NpdHk= | "2026-11-01T12:00:00+00:00"
          ggMQCICAgICAgICAgAESA1VUQw== | null
          ggMLCICSuMOY/v///wE= | "0001-01-01T00:00:00+00:00"
          QICAgICAgICAgAE= | -9223372036854775808
          KQAAAAAAAPh/   | "NaN"
          KQAAAAAAAPB/   | "Infinity"
          NQAAgP8=       | "-Infinity"
          ehIKEAAAAAAAAPA/AAAAAAAA+H8= | [1.0,"NaN"]
          2gEGCgQAAIB/   | ["Infinity"]
          """)
  void writesEveryTypeAsFeastDoes(String stored, String json) throws IOException {
    assertThat(json(Base64.getDecoder().decode(stored))).isEqualTo(json);
  }

  /** Python's calendar, which Feast goes by, ends with the year 9999. */
  @Test
  void refusesATimePastTheCalendar() {
    assertThatThrownBy(() -> json(HexFormat.of().parseHex("82030908ffffffffffffff7f")))
        .isInstanceOf(InvalidProtocolBufferException.class);
  }

  @Test
  void refusesBytesThatAreNoValue() {
    assertThatThrownBy(() -> json(new byte[] {0x12, 0x7f, 'x'}))
        .isInstanceOf(InvalidProtocolBufferException.class);
  }

  /** A field that no Feast has had so far, alone and inside a list. */
  @ParameterizedTest
  @ValueSource(strings = {"9a060178", "d202060a049a060178"})
  void saysThatATypeIsNotServed(String hex) {
    assertThatThrownBy(() -> json(HexFormat.of().parseHex(hex)))
        .isInstanceOf(UnsupportedValueException.class);
  }

  private static String json(byte[] stored) throws IOException {
    var out = new ByteArrayOutputStream();
    try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
      ValueJson.write(json, stored);
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
