package dev.feast.aws.operator.image;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What came of looking for an image or of copying it. */
public sealed interface ImageOutcome {

  /**
   * The image is there, and Lambda can take it.
   *
   * @param digest of the one manifest for the platform, {@code sha256:...}
   */
  record Ready(String digest) implements ImageOutcome {}

  /** It is not there; it may come. */
  record NotFound(String what) implements ImageOutcome {}

  /** It is there, for other platforms than the function's. */
  record WrongPlatform(List<String> found, String wanted) implements ImageOutcome {
    public WrongPlatform {
      found = List.copyOf(found);
    }
  }

  /**
   * The registry wants other credentials, or some at all.
   *
   * @param missing what they lack, where the registry says so
   */
  record Unauthorized(String registry, @Nullable NotAllowed missing) implements ImageOutcome {}

  /**
   * It would have to be asked for where the operator must not ask.
   *
   * @param host where that is
   * @param why it may not be asked
   */
  record Forbidden(String host, String why) implements ImageOutcome {}

  /**
   * It is there, and Lambda would refuse it.
   *
   * @param reason what is wrong with the image, and what would do
   */
  record Unsupported(String reason) implements ImageOutcome {}

  /** The registry could not be reached or did not do its work; the same again may succeed. */
  record Unavailable(String reason) implements ImageOutcome {}
}
