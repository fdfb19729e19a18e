package dev.feast.aws.e2e.controlplane;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Go module that pins the programs: which versions it asks for, and its files.
 *
 * @param go the version of Go that it asks for, "1.24.0"
 * @param kubernetes version of kube-apiserver and kubectl, without the leading v
 */
record Pins(String go, String kubernetes, String etcd, String helm) {
  private static final List<String> FILES = List.of("go.mod", "go.sum", "tools.go");
  private static final String FOLDER = "/control-plane/";

  static Pins read() throws IOException {
    String module = new String(file("go.mod"), UTF_8);
    return new Pins(
        match("^go (\\S+)$", module),
        version("k8s.io/kubernetes", module),
        version("go.etcd.io/etcd/server/v3", module),
        version("helm.sh/helm/v3", module));
  }

  private static String version(String path, String module) throws IOException {
    return match("^\\s+" + Pattern.quote(path) + " v(\\S+)$", module);
  }

  private static String match(String expression, String module) throws IOException {
    Matcher line = Pattern.compile(expression, Pattern.MULTILINE).matcher(module);
    if (!line.find()) {
      throw new IOException("e2e/control-plane/go.mod has no line like " + expression);
    }
    return line.group(1);
  }

  /** Writes the module into a folder, ready for {@code go build}. */
  static void copyModule(Path folder) throws IOException {
    for (String name : FILES) {
      Files.write(folder.resolve(name), file(name));
    }
  }

  private static byte[] file(String name) throws IOException {
    try (InputStream in = Pins.class.getResourceAsStream(FOLDER + name)) {
      if (in == null) {
        throw new IOException(name + " of e2e/control-plane is not on the class path.");
      }
      return in.readAllBytes();
    }
  }
}
