package dev.feast.aws.bench;

import dev.feast.aws.image.ImageLayout;
import dev.feast.aws.image.UnpackedImage;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How each of the subjects is started. What they print goes to a log file each. */
final class Programs {
  private final ImageLayout layout;
  private final UnpackedImage image;
  private final Path bundle;
  private final Path classes;
  private final Path logs;

  private Programs(ImageLayout layout, UnpackedImage image, Path bundle, Path classes, Path logs) {
    this.layout = layout;
    this.image = image;
    this.bundle = bundle;
    this.classes = classes;
    this.logs = logs;
  }

  /**
   * Unpacks the runtime's image, to be started as often as is wanted.
   *
   * @param target the build folder of lambda-runtime
   * @param work folder to unpack into, and for logs
   */
  static Programs of(Path target, Path work) throws IOException, InterruptedException {
    ImageLayout layout = ImageLayout.open(target.resolve("image"));
    UnpackedImage image = UnpackedImage.of(layout, work.resolve("root"));
    image.addDevices();
    return new Programs(
        layout, image, target.resolve("bundle"), target.resolve("test-classes"), work);
  }

  long imageBytes() {
    return layout.compressedSize();
  }

  boolean imageHasItsOwnRoot() {
    return image.hasItsOwnRoot();
  }

  /** The runtime, from its image, with the image's own entrypoint. */
  Subject.Program runtime() {
    return environment ->
        logged(image.process(layout.entrypoint(), environment), "runtime").start();
  }

  List<Path> runtimeFiles() {
    return List.of(image.root());
  }

  List<Path> floorFiles() {
    return List.of(bundle, classes);
  }

  /** The environment, and the Python that it was made from, which pyvenv.cfg names. */
  static List<Path> pythonFiles(Path python) throws IOException {
    Path environment = python.resolve("../..").normalize();
    String home =
        Files.readAllLines(environment.resolve("pyvenv.cfg")).stream()
            .filter(line -> line.startsWith("home = "))
            .map(line -> line.substring("home = ".length()))
            .findFirst()
            .orElseThrow(() -> new IOException(environment + " is no environment of Python's"));
    return List.of(environment, Path.of(home).resolve("..").normalize());
  }

  /**
   * A floor: the runtime's JVM, flags, class path and AOT cache, from the bundle (whose files are
   * the image's), with the bench's own classes behind.
   *
   * @param reader {@code sdk} or {@code socket}
   */
  Subject.Program floor(String reader) {
    List<String> command = new ArrayList<>(layout.entrypoint());
    command.set(0, bundle.resolve("jre/bin/java").toString());
    int classPath = command.indexOf("-cp") + 1;
    command.set(classPath, command.get(classPath) + File.pathSeparator + classes);
    command.set(command.size() - 1, "dev.feast.aws.bench.floor.Floor");
    command.add(reader);
    return environment -> {
      var all = new LinkedHashMap<>(environment);
      all.put("LD_LIBRARY_PATH", "../jre/lib");
      return process(command, bundle.resolve("app"), all, "floor-" + reader);
    };
  }

  /**
   * Python's client of the Runtime API with a handler.
   *
   * @param launcher put before the module, or empty
   * @param folder where the handler's module is looked for
   */
  Subject.Program python(Path python, List<String> launcher, String handler, Path folder) {
    List<String> command = new ArrayList<>();
    command.add(python.toString());
    command.addAll(launcher.isEmpty() ? List.of("-m") : launcher);
    command.add("awslambdaric");
    command.add(handler);
    return environment -> process(command, folder, environment, handler);
  }

  private Process process(
      List<String> command, Path folder, Map<String, String> environment, String log)
      throws IOException {
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return logged(builder, log).start();
  }

  private ProcessBuilder logged(ProcessBuilder builder, String name) {
    return builder
        .redirectErrorStream(true)
        .redirectOutput(Redirect.appendTo(logs.resolve(name + ".log").toFile()));
  }
}
