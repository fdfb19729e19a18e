package dev.feast.aws.operator.model;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * How to tell what Feast's own Lambda feature server made, from 0.14 on until it was removed in
 * 0.40: {@code sdk/python/feast/infra/aws.py} of these releases.
 *
 * <p>Function and API have one name, of project and version, and the tags {@code feast-owned} and
 * {@code project}. The repository has no tags: 0.14 gave each function one of its own, by the same
 * name; from 0.15 on there is one for all projects of the account and region.
 */
public final class FeastAlpha {
  /** The repository of all projects, from 0.15 on. */
  public static final String SHARED_REPOSITORY = "feast-python-server";

  private static final String PREFIX = SHARED_REPOSITORY + "-";

  /** Where project and version would be too long for Lambda, their MD5 stands for them. */
  private static final Pattern HASHED = Pattern.compile(PREFIX + "[0-9a-f]{32}");

  /** What ECR takes: DescribeRepositories refuses other names. */
  private static final Pattern REPOSITORY = Pattern.compile("[a-z0-9]+(?:[._-][a-z0-9]+)*");

  private FeastAlpha() {}

  /** Whether an API or a function of a project may be called so. */
  public static boolean isName(String name, String project) {
    return name.startsWith(PREFIX + project + "-") || HASHED.matcher(name).matches();
  }

  /** Whether it made what carries these tags, for that project, and nobody took it over since. */
  public static boolean made(Map<String, String> tags, String project) {
    return "True".equals(tags.get(Tags.FEAST_OWNED))
        && project.equals(tags.get(Tags.PROJECT))
        && !tags.containsKey(Tags.CLUSTER);
  }

  /** Whether the function may have a repository of its own name. */
  public static boolean mayHaveRepository(String function) {
    return REPOSITORY.matcher(function).matches();
  }
}
