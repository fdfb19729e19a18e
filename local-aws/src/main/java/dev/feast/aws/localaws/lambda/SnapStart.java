package dev.feast.aws.localaws.lambda;

import java.util.List;

/** Which versions of a function start from a snapshot: SnapStart's {@code ApplyOn}. */
enum SnapStart {
  NONE("None"),
  PUBLISHED_VERSIONS("PublishedVersions");

  static final List<String> TEXTS = List.of(PUBLISHED_VERSIONS.text, NONE.text);

  private final String text;

  SnapStart(String text) {
    this.text = text;
  }

  static SnapStart of(String text) {
    return text.equals(PUBLISHED_VERSIONS.text) ? PUBLISHED_VERSIONS : NONE;
  }

  /** As Lambda writes it. */
  String text() {
    return text;
  }

  boolean appliesTo(String version) {
    return this == PUBLISHED_VERSIONS && !version.equals(FunctionVersion.LATEST);
  }
}
