package dev.feast.aws.operator.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What IAM does not allow, as ECR's registry tells it: "User: ... is not authorized to perform:
 * ecr:PutImage on resource: arn:...", in the error document of the OCI distribution specification.
 * Nothing else of what a registry says is taken over.
 *
 * @param action such as {@code ecr:PutImage}
 * @param resource a repository's ARN
 */
public record NotAllowed(String action, String resource) {
  /** Longer than any refusal; what goes on is not read. */
  static final int MAX_BYTES = 16 * 1024;

  private static final Pattern SENTENCE =
      Pattern.compile(
          "is not authorized to perform: (?<action>ecr:[A-Za-z]{1,64}) on resource:"
              + " (?<resource>arn:[-a-z]{1,20}:ecr:[-a-z0-9]{1,30}:\\d{12}:repository/"
              + "[-a-z0-9._/]{1,256})");
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Empty where the document says nothing of the kind. */
  static Optional<NotAllowed> in(byte[] document) {
    try {
      for (JsonNode error : JSON.readTree(document).path("errors")) {
        Matcher sentence = SENTENCE.matcher(error.path("message").asText());
        if (sentence.find()) {
          return Optional.of(new NotAllowed(sentence.group("action"), sentence.group("resource")));
        }
      }
    } catch (IOException e) {
      // Whatever it is, it does not tell.
    }
    return Optional.empty();
  }
}
