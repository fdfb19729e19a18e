package dev.feast.aws.operator.deploy;

import dev.feast.aws.operator.aws.AwsRegion;
import dev.feast.aws.operator.aws.Lambda;
import dev.feast.aws.operator.model.DesiredStack;
import dev.feast.aws.operator.model.FunctionConfiguration;
import dev.feast.aws.operator.model.FunctionSettings;
import dev.feast.aws.operator.model.ObservedStack;
import dev.feast.aws.operator.model.ObservedStack.Alias;
import dev.feast.aws.operator.model.ObservedStack.Concurrency;
import dev.feast.aws.operator.model.ObservedStack.Function;
import dev.feast.aws.operator.model.ObservedStack.Permission;
import dev.feast.aws.operator.model.ObservedStack.Provisioned;
import dev.feast.aws.operator.model.ObservedStack.Provisioned.Allocation;
import dev.feast.aws.operator.model.ObservedStack.Version;
import dev.feast.aws.operator.model.RouteKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The steps on the function that are one call each; probes and waits are {@link Rollout}'s. */
final class FunctionApplier {
  private final Lambda lambda;
  private final DesiredStack desired;
  private final String name;

  FunctionApplier(AwsRegion aws, DesiredStack desired) {
    this.lambda = aws.lambda();
    this.desired = desired;
    this.name = desired.name();
  }

  ObservedStack create(ObservedStack observed) {
    FunctionConfiguration created =
        lambda.create(
            name, image(observed), desired.function().architecture(), settings(), desired.tags());
    return observed.withFunction(
        new Function(
            created, Concurrency.ON_DEMAND, desired.tags(), List.of(), null, List.of(), 0, 0));
  }

  ObservedStack updateCode(ObservedStack observed) {
    FunctionConfiguration updated =
        lambda.updateCode(name, image(observed), desired.function().architecture());
    return observed.changingFunction(function -> function.withConfiguration(updated));
  }

  ObservedStack updateSettings(ObservedStack observed) {
    FunctionConfiguration present = observed.requireFunction().configuration();
    FunctionConfiguration updated =
        lambda.updateSettings(name, settings(), present.image(), present.settings().environment());
    return observed.changingFunction(function -> function.withConfiguration(updated));
  }

  ObservedStack tag(ObservedStack observed, Map<String, String> set, List<String> remove) {
    String arn = desired.functionArn();
    return observed.changingFunction(
        function ->
            function.withTags(
                TagChange.apply(
                    function.tags(),
                    set,
                    remove,
                    tags -> lambda.tag(arn, tags),
                    keys -> lambda.untag(arn, keys))));
  }

  ObservedStack publish(ObservedStack observed) {
    Version answered = lambda.publish(name, desired.image().digest());
    Version published = answered.withImage(lambda.version(name, answered.number()).image());
    return observed.changingFunction(
        function -> {
          var versions = new ArrayList<>(function.versions());
          versions.removeIf(version -> version.number() == published.number());
          versions.add(published);
          return function.withVersions(versions);
        });
  }

  ObservedStack reserveConcurrency(ObservedStack observed) {
    Integer wanted = desired.capacity().reserved();
    if (wanted == null) {
      lambda.releaseConcurrency(name);
    } else {
      lambda.reserveConcurrency(name, wanted);
    }
    return changing(observed, concurrency -> concurrency.withReserved(wanted));
  }

  ObservedStack provision(ObservedStack observed) {
    Version version = candidate(observed);
    int wanted = desired.capacity().provisioned();
    lambda.provision(name, version.number(), wanted);
    return changing(
        observed,
        concurrency ->
            concurrency.with(
                new Provisioned(version.qualifier(), wanted, Allocation.IN_PROGRESS, "", null)));
  }

  ObservedStack releaseProvisioned(ObservedStack observed, String qualifier) {
    lambda.releaseProvisioned(name, qualifier);
    return changing(observed, concurrency -> concurrency.without(qualifier));
  }

  private static ObservedStack changing(ObservedStack observed, UnaryOperator<Concurrency> change) {
    return observed.changingFunction(
        function -> function.withConcurrency(change.apply(function.concurrency())));
  }

  ObservedStack createAlias(ObservedStack observed) {
    long version = candidate(observed).number();
    lambda.createAlias(name, DesiredStack.ALIAS, version);
    return observed.changingFunction(function -> function.withAlias(new Alias(version, false)));
  }

  ObservedStack moveAlias(ObservedStack observed) {
    long version = candidate(observed).number();
    lambda.moveAlias(name, DesiredStack.ALIAS, version);
    return observed.changingFunction(function -> function.withAlias(new Alias(version, false)));
  }

  ObservedStack deleteVersion(ObservedStack observed, long version) {
    lambda.deleteVersion(name, version);
    return observed.changingFunction(
        function ->
            function.withVersions(
                function.versions().stream().filter(found -> found.number() != version).toList()));
  }

  ObservedStack addPermission(ObservedStack observed, RouteKey route) {
    Permission permission = desired.permission(observed.requireApi().id(), route);
    lambda.addPermission(name, DesiredStack.ALIAS, permission);
    return observed.changingFunction(
        function -> {
          var permissions = new ArrayList<>(function.permissions());
          permissions.add(permission);
          return function.withPermissions(permissions);
        });
  }

  ObservedStack removePermission(ObservedStack observed, Permission permission) {
    lambda.removePermission(name, DesiredStack.ALIAS, permission.statementId());
    return observed.changingFunction(
        function ->
            function.withPermissions(
                function.permissions().stream()
                    .filter(found -> !found.statementId().equals(permission.statementId()))
                    .toList()));
  }

  ObservedStack delete(ObservedStack observed) {
    lambda.delete(name);
    return observed.withFunction(null);
  }

  Version candidate(ObservedStack observed) {
    Optional<Version> candidate = desired.candidate(observed);
    return candidate.orElseThrow(
        () -> new IllegalStateException("The planner wants a version used that was not published"));
  }

  private FunctionSettings settings() {
    return desired.function().settings();
  }

  private String image(ObservedStack observed) {
    return desired
        .imageUri(observed)
        .orElseThrow(
            () -> new IllegalStateException("The planner wants a function before its repository"));
  }
}
