package dev.feast.aws.localaws.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChecksumTest {
  /** The published check values, of "123456789". */
  @ParameterizedTest
  @CsvSource({
    "CRC32,     cbf43926",
    "CRC32C,    e3069283",
    "CRC64NVME, ae8b14860a799888",
    "SHA1,      f7c3bc1d808e04732adf679965ccc34ca7ae3441",
  })
  void isThePublishedOne(Checksum.Kind kind, String expected) {
    Checksum checksum = kind.start();
    byte[] bytes = "123456789".getBytes(StandardCharsets.UTF_8);
    checksum.update(bytes, 0, 4);
    checksum.update(bytes, 4, 5);

    assertThat(HexFormat.of().formatHex(checksum.value())).isEqualTo(expected);
  }
}
