package dev.feast.aws.localaws.lambda;

import java.util.List;
import java.util.Optional;

/**
 * ImageConfig of a function: what it sets in place of the image's own. An empty list overrides
 * nothing.
 */
public record ImageOverrides(
    List<String> entryPoint, List<String> command, Optional<String> workingDirectory) {
  public static final ImageOverrides NONE =
      new ImageOverrides(List.of(), List.of(), Optional.empty());

  public ImageOverrides {
    entryPoint = List.copyOf(entryPoint);
    command = List.copyOf(command);
  }
}
