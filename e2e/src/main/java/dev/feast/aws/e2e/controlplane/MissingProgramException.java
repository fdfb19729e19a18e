package dev.feast.aws.e2e.controlplane;

import java.io.IOException;

/** A program is neither here nor can it be made here; the message says what to install. */
public final class MissingProgramException extends IOException {
  private static final long serialVersionUID = 1L;

  MissingProgramException(String message) {
    super(message);
  }

  MissingProgramException(String message, Throwable cause) {
    super(message, cause);
  }
}
