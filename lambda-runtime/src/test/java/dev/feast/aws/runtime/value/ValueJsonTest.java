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

  @ParameterizedTest
  @CsvSource({"29000000000000f87f, null", "29000000000000f07f, null", "350000c0ff, null"})
  void writesNullForWhatJsonCannotHold(String hex, String json) throws IOException {
    assertThat(json(HexFormat.of().parseHex(hex))).isEqualTo(json);
  }

  @Test
  void refusesBytesThatAreNoValue() {
    assertThatThrownBy(() -> json(new byte[] {0x12, 0x7f, 'x'}))
        .isInstanceOf(InvalidProtocolBufferException.class);
  }

  /** decimal_val, which Feast has had since 0.67. */
  @Test
  void saysThatATypeIsNotServed() {
    assertThatThrownBy(() -> json(Base64.getDecoder().decode("4gIHMTIuMzQwMA==")))
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
