package dev.feast.aws.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Remembers from which inputs something was made, to not make it again from the same ones. */
public final class Kept {
  /** Makes the outputs. */
  public interface Step {
    void run() throws IOException, InterruptedException;
  }

  private final Path folder;

  /**
   * @param folder where the digests lie; created
   */
  public Kept(Path folder) {
    this.folder = folder;
  }

  /**
   * Runs {@code step} unless it ran with the same inputs and all of its outputs are still there.
   */
  public void unless(String name, String inputs, List<Path> outputs, Step step)
      throws IOException, InterruptedException {
    Path record = folder.resolve(name + ".sha256");
    boolean same = Files.exists(record) && Files.readString(record).equals(inputs);
    if (same && outputs.stream().allMatch(Files::exists)) {
      return;
    }
    // Forgotten first: a step that fails half-way runs again.
    Files.deleteIfExists(record);
    step.run();
    Files.createDirectories(folder);
    Files.writeString(record, inputs);
  }
}
