package dev.feast.aws.operator.documents;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The links of a folder's Markdown that lead nowhere in it: files that are not there, and anchors
 * that no heading makes. Links to other hosts are not followed.
 */
final class Links {
  private static final Pattern LINK = Pattern.compile("\\]\\(<?([^()<>\\s]+)>?(?: \"[^\"]*\")?\\)");
  private static final Pattern DEFINITION = Pattern.compile("^ {0,3}\\[[^\\]]+\\]: *(\\S+)");
  private static final Pattern HTML = Pattern.compile("\\b(?:href|src)=\"([^\"]+)\"");
  private static final Pattern FENCE = Pattern.compile("^ *(?:```|~~~)");
  private static final Pattern CODE = Pattern.compile("(`+).*?\\1");
  private static final Pattern HEADING = Pattern.compile("^#{1,6} +(.*?)(?: +#+)?$");
  private static final Pattern ELSEWHERE = Pattern.compile("^(?:[a-z][a-z0-9+.-]*:|//).*");

  private final Path root;
  private final Map<Path, Set<String>> anchors = new HashMap<>();

  Links(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  /** Every Markdown file, but for what a build made. */
  List<Path> documents() throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".md") && !isMade(root.relativize(file)))
          .sorted()
          .toList();
    }
  }

  /** Each as {@code FILE:LINE: LINK: what is wrong}. */
  List<String> broken() throws IOException {
    var broken = new ArrayList<String>();
    for (Path document : documents()) {
      List<String> lines = prose(document);
      for (int line = 0; line < lines.size(); line++) {
        for (String link : links(lines.get(line))) {
          String wrong = wrong(document, link);
          if (!wrong.isEmpty()) {
            broken.add("%s:%d: %s: %s".formatted(root.relativize(document), line + 1, link, wrong));
          }
        }
      }
    }
    return broken;
  }

  private String wrong(Path document, String link) {
    if (ELSEWHERE.matcher(link).matches()) {
      return "";
    }
    int hash = link.indexOf('#');
    String path = hash < 0 ? link : link.substring(0, hash);
    Path target =
        path.isEmpty() ? document : document.resolveSibling(path).toAbsolutePath().normalize();
    if (!target.startsWith(root) || !Files.exists(target)) {
      return "there is no such file";
    }
    if (hash < 0) {
      return "";
    }
    String anchor = link.substring(hash + 1);
    return anchors.computeIfAbsent(target, Links::anchors).contains(anchor)
        ? ""
        : "no heading there makes this anchor";
  }

  private static List<String> links(String line) {
    var links = new ArrayList<String>();
    for (Pattern pattern : List.of(LINK, DEFINITION, HTML)) {
      Matcher found = pattern.matcher(line);
      while (found.find()) {
        links.add(found.group(1));
      }
    }
    return links;
  }

  /** As GitHub makes them of headings; the second of the same name ends in -1. */
  private static Set<String> anchors(Path document) {
    var anchors = new HashSet<String>();
    var times = new HashMap<String, Integer>();
    try {
      for (String line : withoutFenced(document)) {
        Matcher heading = HEADING.matcher(line);
        if (heading.matches()) {
          String anchor = anchor(heading.group(1));
          int before = times.merge(anchor, 1, Integer::sum) - 1;
          anchors.add(before == 0 ? anchor : anchor + "-" + before);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return anchors;
  }

  private static String anchor(String heading) {
    return heading
        .replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{N}\\p{M}_ -]", "")
        .replace(' ', '-');
  }

  /** Lines without code, in which nothing is a link. */
  private static List<String> prose(Path document) throws IOException {
    return withoutFenced(document).stream()
        .map(line -> CODE.matcher(line).replaceAll("`code`"))
        .toList();
  }

  /** The same number of lines, those of fenced code empty. */
  private static List<String> withoutFenced(Path document) throws IOException {
    var lines = new ArrayList<String>();
    boolean fenced = false;
    for (String line : Files.readAllLines(document)) {
      boolean fence = FENCE.matcher(line).find();
      lines.add(fenced || fence ? "" : line);
      fenced ^= fence;
    }
    return lines;
  }

  private static boolean isMade(Path file) {
    for (Path name : file) {
      if (name.toString().equals("target") || name.toString().equals(".git")) {
        return true;
      }
    }
    return false;
  }
}
