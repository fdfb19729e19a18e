package dev.feast.aws.runtime.value;

import java.io.IOException;

/** The value is of a type that is not served. */
public final class UnsupportedValueException extends IOException {
  private static final long serialVersionUID = 1L;
}
