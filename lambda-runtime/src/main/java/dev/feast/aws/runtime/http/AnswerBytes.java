package dev.feast.aws.runtime.http;

import java.io.ByteArrayOutputStream;

/**
 * A body while it is written: it ends with a {@link Refusal} as soon as it is known to be too
 * large, so that the memory that it takes has a bound.
 */
final class AnswerBytes extends ByteArrayOutputStream {

  /** Of the bytes so far, what escaping adds to them; counted from {@link #counted} on. */
  private long escapes;

  private int counted;

  AnswerBytes() {
    super(1024);
  }

  @Override
  public synchronized void write(int b) {
    super.write(b);
    check();
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) {
    // Before it takes memory.
    if ((long) count + length > Answer.MAX_BODY_BYTES) {
      throw tooLarge();
    }
    super.write(bytes, offset, length);
    check();
  }

  private void check() {
    // Escaping doubles a body at most: half of them can be nothing but quotes.
    if (2L * count <= Answer.MAX_BODY_BYTES) {
      return;
    }
    for (; counted < count; counted++) {
      // Jackson has escaped all other characters that a JSON text may not hold.
      if (buf[counted] == '"' || buf[counted] == '\\') {
        escapes++;
      }
    }
    if (count + escapes > Answer.MAX_BODY_BYTES) {
      throw tooLarge();
    }
  }

  private static Refusal tooLarge() {
    return new Refusal(
        ErrorCode.RESPONSE_TOO_LARGE,
        "the answer would be too large: as text in Lambda's JSON a body has at most "
            + Answer.MAX_BODY_BYTES
            + " bytes. Ask for fewer rows or fewer features at once.");
  }
}
