package dev.feast.aws.operator.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DockerConfigTest {
  @Test
  void readsWhatDockerAndKubectlWrite() {
    DockerConfig config =
        DockerConfig.parse(
            """
            {"auths": {
              "https://index.docker.io/v1/": {"auth": "aHVibzpodWItcGFzc3dvcmQ="},
              "registry.example": {"username": "octo", "password": "cat:1", "email": "o@example.com", "auth": "b2N0bzpjYXQ6MQ=="},
              "registry.example.com:5000": {"username": "u", "password": "p"}}}
            """);

    assertThat(config.forRegistry("docker.io"))
        .isEqualTo(new Credentials.Basic("hubo", "hub-password"));
    assertThat(config.forRegistry("registry.example"))
        .isEqualTo(new Credentials.Basic("octo", "cat:1"));
    assertThat(config.forRegistry("registry.example.com:5000"))
        .isEqualTo(new Credentials.Basic("u", "p"));
    assertThat(config.forRegistry("images.example")).isEqualTo(new Credentials.Anonymous());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hunter2",
        "{\"hunter2\": 1}",
        "{\"auths\": {\"registry.example\": {\"auth\": \"hunter2!\"}}}",
        "{\"auths\": {\"registry.example\": {\"auth\": \"aHVudGVyMg==\"}}}"
      })
  void saysWhatIsWrongAndNothingOfTheSecret(String json) {
    assertThatThrownBy(() -> DockerConfig.parse(json))
        .isInstanceOf(IllegalArgumentException.class)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hunter2").isNotBlank());
  }

  @Test
  void neverPrintsAPassword() {
    assertThat(new Credentials.Basic("octo", "hunter2")).asString().doesNotContain("hunter2");
  }
}
