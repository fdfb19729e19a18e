package dev.feast.aws.localaws.lambda.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * How far a function's process is kept apart from the machine: as far as whoever runs local-aws
 * may. The commands are util-linux's, which every Linux distribution has.
 */
sealed interface Isolation {
  /** Lambda's own user for functions, {@code sbx_user1051}. */
  String LAMBDA_USER = "993:990";

  /** A process to start. */
  record Command(List<String> arguments, Map<String, String> environment, Path directory) {}

  /**
   * @param root the unpacked image
   * @param tmp what is to be its /tmp
   * @param arguments the program, absolute in the image, and its arguments
   */
  Command wrap(
      Path root,
      Path tmp,
      String directory,
      List<String> arguments,
      Map<String, String> environment);

  /**
   * Mount and PID namespaces: the image read-only, /tmp its own, and nothing left of it when its
   * first process is killed.
   *
   * @param userNamespace for whoever is not root
   */
  record Namespaces(Tools tools, boolean userNamespace, String script) implements Isolation {
    private List<String> command() {
      var command = new ArrayList<>(List.of(tools.unshare()));
      if (userNamespace) {
        command.addAll(List.of("--user", "--map-root-user"));
      }
      command.addAll(List.of("--mount", "--pid", "--fork", "--kill-child"));
      return command;
    }

    @Override
    public Command wrap(
        Path root,
        Path tmp,
        String directory,
        List<String> arguments,
        Map<String, String> environment) {
      var command = new ArrayList<>(tools.untilParentDies());
      command.addAll(command());
      command.addAll(
          List.of(
              tools.sh(),
              "-c",
              script,
              "sandbox",
              tools.mount(),
              tools.unshare(),
              root.toString(),
              tmp.toString(),
              directory,
              userNamespace ? "-" : LAMBDA_USER));
      command.addAll(arguments);
      return new Command(command, environment, root);
    }
  }

  /**
   * Root without the right to mount: the image is the root folder, and its /tmp is shared by its
   * environments.
   */
  record Chroot(Tools tools) implements Isolation {
    @Override
    public Command wrap(
        Path root,
        Path tmp,
        String directory,
        List<String> arguments,
        Map<String, String> environment) {
      var command = new ArrayList<>(tools.ownSession());
      command.addAll(
          List.of(
              tools.unshare(),
              "--root=" + root,
              "--wd=" + directory,
              "--setgid=990",
              "--setuid=993",
              "--"));
      command.addAll(arguments);
      return new Command(command, environment, root);
    }
  }

  /**
   * No rights at all: the program runs on the machine as it is, with the image's folder before its
   * path, its working directory and the folders that PATH and LD_LIBRARY_PATH list. Programs that
   * look for files by relative paths work.
   */
  record Prefix(Optional<Tools> tools) implements Isolation {
    @Override
    public Command wrap(
        Path root,
        Path tmp,
        String directory,
        List<String> arguments,
        Map<String, String> environment) {
      var command = new ArrayList<String>();
      tools.ifPresent(found -> command.addAll(found.ownSession()));
      command.add(root + arguments.getFirst());
      command.addAll(arguments.subList(1, arguments.size()));
      var prefixed = new LinkedHashMap<>(environment);
      prefixed.computeIfPresent("PATH", (name, value) -> prefixed(root, value));
      prefixed.computeIfPresent("LD_LIBRARY_PATH", (name, value) -> prefixed(root, value));
      prefixed.put("TMPDIR", tmp.toString());
      return new Command(command, prefixed, root.resolve(directory.substring(1)));
    }

    private static String prefixed(Path root, String paths) {
      return String.join(
          ":",
          Stream.of(paths.split(":", -1))
              .map(path -> path.startsWith("/") ? root + path : path)
              .toList());
    }
  }

  /**
   * Where the commands are.
   *
   * @param setpriv empty where util-linux is too old to have it
   */
  record Tools(
      String sh, String unshare, String mount, Optional<String> setpriv, Optional<String> setsid) {
    static Optional<Tools> find() {
      Optional<String> unshare = path("unshare");
      Optional<String> mount = path("mount");
      return unshare.isPresent() && mount.isPresent()
          ? Optional.of(
              new Tools("/bin/sh", unshare.get(), mount.get(), path("setpriv"), path("setsid")))
          : Optional.empty();
    }

    private static Optional<String> path(String name) {
      return Stream.of("/usr/bin", "/bin", "/usr/sbin", "/sbin")
          .map(folder -> folder + "/" + name)
          .filter(file -> Files.isExecutable(Path.of(file)))
          .findFirst();
    }

    /** Has the kernel kill what follows when local-aws is gone, however it went. */
    List<String> untilParentDies() {
      return setpriv
          .map(command -> List.of(command, "--pdeathsig", "KILL", "--"))
          .orElse(List.of());
    }

    /** Makes what follows the leader of a session, and so of a process group. */
    List<String> ownSession() {
      return setsid.map(List::of).orElse(List.of());
    }
  }

  /** Namespaces with what they need from this jar. */
  static Namespaces namespaces(Tools tools, boolean userNamespace) {
    return new Namespaces(tools, userNamespace, script("sandbox.sh"));
  }

  /** The best that works here, found out by trying. */
  static Isolation best() {
    Optional<Tools> tools = Tools.find();
    if (tools.isEmpty()) {
      return new Prefix(tools);
    }
    boolean root = "root".equals(System.getProperty("user.name"));
    return Stream.of(namespaces(tools.get(), !root), new Chroot(tools.get()))
        .filter(Isolation::works)
        .findFirst()
        .orElseGet(() -> new Prefix(tools));
  }

  /**
   * What ends functions with local-aws where the kernel does not: it ends a PID namespace with its
   * first process, and that with its parent.
   */
  default Optional<Watchdog> watchdog() throws IOException {
    return switch (this) {
      case Namespaces(Tools tools, _, _) ->
          tools.setpriv.isPresent()
              ? Optional.empty()
              : Optional.of(Watchdog.start(tools.ownSession()));
      case Chroot(Tools tools) -> Optional.of(Watchdog.start(tools.ownSession()));
      case Prefix(Optional<Tools> tools) ->
          Optional.of(Watchdog.start(tools.map(Tools::ownSession).orElse(List.of())));
    };
  }

  /** Whether whoever runs local-aws may do this here. */
  default boolean works() {
    return switch (this) {
      case Namespaces namespaces -> succeeds(namespaces.command(), namespaces.tools);
      case Chroot(Tools tools) ->
          succeeds(List.of(tools.unshare(), "--root=/", "--setuid=993"), tools);
      case Prefix(_) -> true;
    };
  }

  private static boolean succeeds(List<String> prefix, Tools tools) {
    var command = new ArrayList<>(prefix);
    command.addAll(List.of(tools.sh(), "-c", "exit 0"));
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** A shell script of this package. */
  static String script(String name) {
    try (InputStream in = Isolation.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
