package dev.feast.aws.localaws.s3;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * An object on disk: its content, then a {@link StoredObject} as JSON, then the length of that JSON
 * as four bytes. One file, so that content and description change together.
 */
final class ObjectFile {
  private static final JsonMapper JSON = new JsonMapper();

  private ObjectFile() {}

  /** Reads the description. */
  static StoredObject describe(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      int length = read(channel, channel.size() - Integer.BYTES, Integer.BYTES).getInt();
      byte[] json = new byte[length];
      read(channel, channel.size() - Integer.BYTES - length, length).get(json);
      return JSON.readValue(json, StoredObject.class);
    }
  }

  /** Writes the description behind the content. */
  static void finish(FileChannel content, StoredObject object) throws IOException {
    byte[] json = JSON.writeValueAsBytes(object);
    ByteBuffer footer = ByteBuffer.allocate(json.length + Integer.BYTES);
    footer.put(json).putInt(json.length).flip();
    while (footer.hasRemaining()) {
      content.write(footer);
    }
  }

  /** Some bytes of the content; whoever reads them closes the stream. */
  static InputStream open(Path file, long offset, long length) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    channel.position(offset);
    return new Slice(channel, length);
  }

  private static ByteBuffer read(FileChannel channel, long offset, int length) throws IOException {
    if (offset < 0 || length < 0 || offset + length > channel.size()) {
      throw new IOException("not a file of local-aws' S3");
    }
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining() && channel.read(buffer, offset + buffer.position()) >= 0) {}
    return buffer.flip();
  }

  private static final class Slice extends InputStream {
    private final FileChannel channel;
    private long left;

    Slice(FileChannel channel, long left) {
      this.channel = channel;
      this.left = left;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (left == 0) {
        return length == 0 ? 0 : -1;
      }
      int read = channel.read(ByteBuffer.wrap(into, offset, (int) Math.min(length, left)));
      if (read < 0) {
        throw new IOException("an object's file is shorter than its description says");
      }
      left -= read;
      return read;
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
