package dev.feast.aws.operator.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageHostsTest {

  @ParameterizedTest(name = "[{0}] and {1}: {2}")
  @CsvSource({
    "'', images.example.com, false",
    "*, images.example.com, true",
    "*, Images.example.com, true",
    "*, registry.example.com:5000, false",
    "*:*, registry.example.com:5000, true",
    "registry.example.com:*, registry.example.com, true",
    "registry.example.com, registry.example.com:5000, false",
    "registry.example.com:5000, registry.example.com:5000, true",
    "Registry.example.com, registry.example.com, true",
    "*.example.com, a.example.com, true",
    "*.example.com, a.b.example.com, true",
    "*.example.com, example.com, false",
    "*.example.com, example.com.evil.org, false",
    "images.example.com, imagesxexample.com, false",
    "123456789012.dkr.ecr.*.amazonaws.com, 123456789012.dkr.ecr.eu-west-1.amazonaws.com, true",
    "123456789012.dkr.ecr.*.amazonaws.com, 999999999999.dkr.ecr.eu-west-1.amazonaws.com, false",
    "docker.io images.example.com, images.example.com, true",
  })
  void allowsWhatAPatternFits(String patterns, String registry, boolean allowed) {
    assertThat(hosts(patterns).allow(registry)).isEqualTo(allowed);
  }

  @ParameterizedTest(name = "[{0}] and {1}: {2}")
  @CsvSource({
    "*:*, localhost:5000, false",
    "*:*, registry.localhost:5000, false",
    "*:*, 127.0.0.1:5000, false",
    "*:*, 127.1:5000, false",
    "*:*, 0.0.0.0:5000, false",
    "*:*, 169.254.169.254, false",
    "127.*:*, 127.0.0.1:5000, false",
    "*localhost:*, localhost:5000, false",
    "localhost:*, localhost:5000, true",
    "127.0.0.1:5000, 127.0.0.1:5000, true",
    "127.0.0.1:5000, 127.0.0.1:5001, false",
    "*:*, 10.0.0.1:5000, true",
  })
  void allowsThisMachineOnlyWhereItIsSpeltOut(String patterns, String registry, boolean allowed) {
    assertThat(hosts(patterns).allow(registry)).isEqualTo(allowed);
  }

  @Test
  void takesNothingInAPatternForMoreThanItIs() {
    assertThat(Patterns.fits("a.b+[c]\\E*", "a.b+[c]\\E and more")).isTrue();
    assertThat(Patterns.fits("a.b", "axb")).isFalse();
    assertThat(Patterns.fits("role/team-a-*", "role/team-a-x\nanything")).isTrue();
    assertThat(Patterns.fits("team-a-*", "arn:aws:iam::123456789012:role/team-a-x")).isFalse();
  }

  private static ImageHosts hosts(String patterns) {
    return new ImageHosts(
        Arrays.stream(patterns.split(" ", -1)).filter(pattern -> !pattern.isEmpty()).toList());
  }
}
