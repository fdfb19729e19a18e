package dev.feast.aws.image;

import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.NavigableMap;

/**
 * One layer of an image.
 *
 * @param name what the image's history calls it
 * @param files path in the image to the file that it is a copy of
 */
public record Layer(String name, NavigableMap<String, Path> files) {
  private static final FilePermissions FILE = FilePermissions.fromOctalString("644");
  private static final FilePermissions PROGRAM = FilePermissions.fromOctalString("755");

  /**
   * Readable by all, for Lambda runs an image as a user of its own; owned by root; of one fixed
   * time.
   */
  FileEntriesLayer entries(Instant modified) {
    FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName(name);
    files.forEach(
        (path, file) ->
            layer.addEntry(
                file,
                AbsoluteUnixPath.get(path),
                Files.isExecutable(file) ? PROGRAM : FILE,
                modified,
                "0:0"));
    return layer.build();
  }
}
