package dev.feast.aws.localaws.lambda;

import dev.feast.aws.localaws.iam.Iam;
import dev.feast.aws.localaws.spi.Permission;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A function with its versions, aliases, policies and tags. Callers that read and then change hold
 * its lock ({@code synchronized (function)}).
 */
final class Function {
  private final FunctionKey key;
  private final FunctionLog log;
  private final Instances instances;
  private final TreeMap<Integer, FunctionVersion> versions = new TreeMap<>();
  private final TreeMap<String, Alias> aliases = new TreeMap<>();
  private final Map<String, ResourcePolicy> policies = new HashMap<>();
  private final TreeMap<String, String> tags = new TreeMap<>();
  private FunctionVersion latest;
  private @Nullable Settings serving;
  private @Nullable Settings published;
  private int lastVersion;
  private @Nullable Integer reservedConcurrency;
  private final TreeMap<String, Provisioned> provisioned = new TreeMap<>();

  Function(
      FunctionKey key,
      FunctionVersion latest,
      Instances instances,
      Iam iam,
      FunctionLog.Group logGroup) {
    this.key = key;
    this.log = new FunctionLog(action -> roleMay(action, iam), logGroup);
    this.latest = latest;
    this.instances = instances;
  }

  /** Asked of the role that the function has now. */
  private boolean roleMay(String logAction, Iam iam) {
    String role = latest().settings().role();
    String resource =
        "arn:aws:logs:%s:%s:log-group:/aws/lambda/%s:log-stream:"
            .formatted(key.region(), key.account(), key.name());
    return iam.roleMay(role, key.region(), Permission.of(logAction, resource));
  }

  FunctionKey key() {
    return key;
  }

  FunctionLog log() {
    return log;
  }

  Instances instances() {
    return instances;
  }

  synchronized FunctionVersion latest() {
    return latest;
  }

  synchronized void latest(FunctionVersion changed) {
    latest = changed;
  }

  // Versions

  /** $LATEST and the published versions in the order in which they were published. */
  synchronized List<FunctionVersion> versions() {
    var all = new ArrayList<FunctionVersion>();
    all.add(latest);
    all.addAll(versions.values());
    return all;
  }

  synchronized Optional<FunctionVersion> version(String version) {
    if (version.equals(FunctionVersion.LATEST)) {
      return Optional.of(latest);
    }
    return number(version).stream().mapToObj(versions::get).filter(v -> v != null).findFirst();
  }

  private static OptionalInt number(String version) {
    return version.matches("[0-9]{1,9}")
        ? OptionalInt.of(Integer.parseInt(version))
        : OptionalInt.empty();
  }

  /** What a qualifier means: a version, or the version that an alias points to. */
  synchronized Optional<FunctionVersion> qualified(Optional<String> qualifier) {
    String name = qualifier.orElse(FunctionVersion.LATEST);
    return version(name).or(() -> alias(name).flatMap(alias -> version(alias.version())));
  }

  /** The last published version, where nothing has changed since. */
  synchronized Optional<FunctionVersion> publishedUnchanged() {
    return latest.settings().equals(published)
        ? Optional.ofNullable(versions.get(lastVersion))
        : Optional.empty();
  }

  /** Publishes $LATEST under the next number; numbers are never used again. */
  synchronized FunctionVersion publish(Settings settings, Status status, java.time.Instant now) {
    lastVersion++;
    var version = FunctionVersion.of(String.valueOf(lastVersion), settings, status, now);
    versions.put(lastVersion, version);
    published = latest.settings();
    latest = latest.touched();
    return version;
  }

  synchronized void replace(FunctionVersion changed) {
    number(changed.version()).ifPresent(number -> versions.replace(number, changed));
  }

  synchronized void removeVersion(String version) {
    number(version).ifPresent(versions::remove);
    policies.remove(version);
    provisioned.remove(version);
    instances.retire(version);
  }

  /**
   * What an invocation of $LATEST runs: during an update, and after a failed one, what was there
   * before.
   */
  synchronized Optional<Settings> serving() {
    return Optional.ofNullable(serving);
  }

  synchronized void serving(Settings settings) {
    if (!settings.equals(serving)) {
      instances.retire(FunctionVersion.LATEST);
    }
    serving = settings;
  }

  // Aliases

  synchronized Collection<Alias> aliases() {
    return List.copyOf(aliases.values());
  }

  synchronized Optional<Alias> alias(String name) {
    return Optional.ofNullable(aliases.get(name));
  }

  synchronized void put(Alias alias) {
    aliases.put(alias.name(), alias);
  }

  synchronized void removeAlias(String name) {
    aliases.remove(name);
    policies.remove(name);
    provisioned.remove(name);
  }

  // Policies

  /** The policy of the function itself (empty qualifier), or of one version or alias. */
  synchronized ResourcePolicy policy(Optional<String> qualifier) {
    return policies.getOrDefault(qualifier.orElse(""), ResourcePolicy.EMPTY);
  }

  synchronized void policy(Optional<String> qualifier, ResourcePolicy policy) {
    policies.put(qualifier.orElse(""), policy);
  }

  // Tags and concurrency

  synchronized Map<String, String> tags() {
    return new TreeMap<>(tags);
  }

  synchronized void tag(Map<String, String> more) {
    tags.putAll(more);
    latest = latest.touched();
  }

  synchronized void untag(Collection<String> keys) {
    tags.keySet().removeAll(keys);
    latest = latest.touched();
  }

  synchronized Optional<Integer> reservedConcurrency() {
    return Optional.ofNullable(reservedConcurrency);
  }

  synchronized void reservedConcurrency(@Nullable Integer value) {
    reservedConcurrency = value;
  }

  /** By version or alias. */
  synchronized Map<String, Provisioned> provisioned() {
    return new TreeMap<>(provisioned);
  }

  synchronized void provision(String qualifier, Provisioned config) {
    provisioned.put(qualifier, config);
  }

  /** Replaces it where it is still the one that was put. */
  synchronized void provisioned(String qualifier, Provisioned config) {
    provisioned.computeIfPresent(
        qualifier, (name, present) -> present.id().equals(config.id()) ? config : present);
  }

  synchronized void unprovision(String qualifier) {
    provisioned.remove(qualifier);
  }

  /** All that is provisioned, whatever it is for. */
  synchronized int provisionedConcurrency() {
    return provisioned.values().stream().mapToInt(Provisioned::requested).sum();
  }
}
