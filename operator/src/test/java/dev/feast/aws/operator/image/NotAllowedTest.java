package dev.feast.aws.operator.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NotAllowedTest {
  private static final String REPOSITORY =
      "arn:aws:ecr:us-west-2:123456789012:repository/feast-team-dev-a1b2c3d4e5";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " because no identity-based policy allows the ecr:InitiateLayerUpload action",
        " with an explicit deny in a service control policy"
      })
  void isReadFromEcrsRefusal(String because) {
    assertThat(
            read(
                """
                {"errors":[{"code":"DENIED","message":"User: arn:aws:sts::123456789012:assumed-role/\
                operator/1 is not authorized to perform: ecr:InitiateLayerUpload on resource: %s%s"}]}
                """
                    .formatted(REPOSITORY, because)))
        .isEqualTo(new NotAllowed("ecr:InitiateLayerUpload", REPOSITORY));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Not Authorized",
        "[]",
        "{\"errors\":{}}",
        "{\"errors\":[{\"code\":\"DENIED\"}]}",
        "{\"errors\":[{\"message\":\"is not authorized to perform: rm -rf on resource: arn:x\"}]}",
        "{\"errors\":[{\"message\":\"cut off"
      })
  void isNotMadeUp(String document) {
    assertThat(NotAllowed.in(document.getBytes(UTF_8))).isEmpty();
  }

  private static NotAllowed read(String document) {
    return NotAllowed.in(document.getBytes(UTF_8)).orElseThrow();
  }

  @Test
  void takesNothingElseOver() {
    assertThat(
            read(
                """
                {"errors":[{"message":"Basic c2VjcmV0 is not authorized to perform: ecr:PutImage on \
                resource: %s <script>"}]}
                """
                    .formatted(REPOSITORY)))
        .isEqualTo(new NotAllowed("ecr:PutImage", REPOSITORY));
  }
}
