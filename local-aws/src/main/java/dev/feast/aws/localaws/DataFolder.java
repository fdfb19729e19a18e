package dev.feast.aws.localaws;

import dev.feast.aws.localaws.files.FileTrees;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The folder that one instance keeps its state in, and no other at the same time. */
final class DataFolder implements AutoCloseable {
  private static final String LOCK = "local-aws.lock";

  private final Path path;
  private final FileChannel lock;
  private final boolean temporary;

  private DataFolder(Path path, FileChannel lock, boolean temporary) {
    this.path = path;
    this.lock = lock;
    this.temporary = temporary;
  }

  /**
   * Takes a folder, made where it is not there.
   *
   * @throws IOException with a sentence for the user when it cannot be written, or another instance
   *     has it
   */
  static DataFolder take(Path path) throws IOException {
    return take(path, false);
  }

  /** A folder of its own that is removed when it is closed. */
  static DataFolder temporary() throws IOException {
    return take(Files.createTempDirectory("local-aws-"), true);
  }

  private static DataFolder take(Path given, boolean temporary) throws IOException {
    Path path = given.toAbsolutePath();
    FileChannel channel;
    try {
      Files.createDirectories(path);
      channel =
          FileChannel.open(
              path.resolve(LOCK),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
    } catch (FileSystemException e) {
      throw new IOException(
          "The data folder " + path + " cannot be written (" + e.getClass().getSimpleName() + ")",
          e);
    }
    if (!lock(channel)) {
      String holder = Files.readString(path.resolve(LOCK)).strip();
      channel.close();
      throw new IOException(
          "The data folder " + path + " is in use by another local-aws, process " + holder);
    }
    channel.truncate(0);
    channel.write(
        ByteBuffer.wrap(
            Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8)));
    return new DataFolder(path, channel, temporary);
  }

  private static boolean lock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false; // another instance in this JVM
    }
  }

  Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    lock.close();
    if (temporary) {
      FileTrees.delete(path);
    }
  }
}
