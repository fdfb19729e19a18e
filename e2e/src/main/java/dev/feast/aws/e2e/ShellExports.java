package dev.feast.aws.e2e;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a user pastes into a shell, any that POSIX describes, to use what the quickstart started.
 */
final class ShellExports {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

  private ShellExports() {}

  /**
   * One line for each variable.
   *
   * @param bin goes before what is in the user's PATH
   * @param settings more variables
   */
  static List<String> lines(Path kubeconfig, Path bin, Map<String, String> settings) {
    List<String> lines = new ArrayList<>();
    lines.add("export KUBECONFIG=" + word(kubeconfig.toString()));
    lines.add("export PATH=" + word(bin.toString()) + ":\"$PATH\"");
    settings.forEach((name, value) -> lines.add("export " + name + "=" + word(value)));
    return lines;
  }

  /** As it stands where it can, for it is read too. */
  private static String word(String text) {
    return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
