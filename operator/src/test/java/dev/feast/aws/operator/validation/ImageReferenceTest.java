package dev.feast.aws.operator.validation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReferenceTest {
  private static final String DIGEST =
      "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  @ParameterizedTest
  @CsvSource({
    "alpine, docker.io/library/alpine:latest",
    "feastdev/server:0.67, docker.io/feastdev/server:0.67",
    "registry.example/acme/runtime, registry.example/acme/runtime:latest",
    "localhost/runtime:1, localhost/runtime:1",
    "registry:5000/a, registry:5000/a:latest",
    "127.0.0.1:4566/000000000000/us-west-2/feast-dev:a.b-c_d,"
        + " 127.0.0.1:4566/000000000000/us-west-2/feast-dev:a.b-c_d",
    "images.example/a/b:tag@" + DIGEST + ", images.example/a/b@" + DIGEST,
    "images.example/a/b@" + DIGEST + ", images.example/a/b@" + DIGEST,
  })
  void readsReferencesAsDockerDoes(String text, String full) {
    assertThat(ImageReference.parse(text).map(Object::toString)).contains(full);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "https://registry.example/a/b",
        "registry.example/A/b",
        "registry.example/a/b:",
        "registry.example/a/b@sha256:abc",
        "registry.example/a b",
        "registry.example/a//b",
        "registry.example/",
        "-x.io/a",
        "a..b/c:1",
        "foo.123/x:1",
        "host:99999/c:1",
        "host:0/c:1",
        "x-.io/a"
      })
  void refusesWhatIsNone(String text) {
    assertThat(ImageReference.parse(text)).isEmpty();
  }
}
