package dev.feast.aws.operator.model;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an adopted API led to before. It goes once the FeatureServer's own function answers there.
 *
 * @param repository that the function ran from; null where none is known
 * @param permitted whether the API may invoke the FeatureServer's own function since before this
 *     pass: a permission takes a moment to be known everywhere
 * @param replaced whether the endpoint has answered since it leads to that function: in a pass that
 *     found it so, and not before what was changed is known everywhere
 */
public record Former(
    Remains function, @Nullable Remains repository, boolean permitted, boolean replaced) {

  /**
   * The function or the repository.
   *
   * @param kept why it is not to be removed; empty where it is
   */
  public record Remains(String name, boolean isThere, String kept) {
    public static Remains gone(String name) {
      return new Remains(name, false, "");
    }

    public static Remains toRemove(String name) {
      return new Remains(name, true, "");
    }

    public static Remains kept(String name, String why) {
      return new Remains(name, true, why);
    }

    public boolean isToBeRemoved() {
      return isThere && kept.isEmpty();
    }
  }

  public Former withPermitted(boolean now) {
    return new Former(function, repository, now, replaced);
  }

  public Former withReplaced(boolean now) {
    return new Former(function, repository, permitted, now);
  }

  public Former withoutFunction() {
    return new Former(Remains.gone(function.name()), repository, permitted, replaced);
  }

  public Former withoutRepository() {
    return new Former(
        function, repository == null ? null : Remains.gone(repository.name()), permitted, replaced);
  }

  /** What of it is there, as people know it. */
  public List<String> remains() {
    return Stream.of(
            Optional.of(function).filter(Remains::isThere).map(f -> "Lambda function " + f.name()),
            Optional.ofNullable(repository)
                .filter(Remains::isThere)
                .map(r -> "ECR repository " + r.name()))
        .flatMap(Optional::stream)
        .toList();
  }

  /** What of it is there and stays, as clauses for people. */
  public String left() {
    return Stream.of(
            left("Lambda function", Optional.of(function)),
            left("ECR repository", Optional.ofNullable(repository)))
        .flatMap(Optional::stream)
        .collect(Collectors.joining("; "));
  }

  private static Optional<String> left(String kind, Optional<Remains> remains) {
    return remains
        .filter(found -> found.isThere() && !found.isToBeRemoved())
        .map(found -> "%s %s is left: %s".formatted(kind, found.name(), found.kept()));
  }
}
