package dev.feast.aws.operator.aws;

import dev.feast.aws.operator.model.Environment;
import dev.feast.aws.operator.model.FunctionConfiguration;
import dev.feast.aws.operator.model.FunctionSettings;
import dev.feast.aws.operator.model.ObservedStack.Alias;
import dev.feast.aws.operator.model.ObservedStack.Permission;
import dev.feast.aws.operator.model.ObservedStack.Provisioned;
import dev.feast.aws.operator.model.ObservedStack.Version;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lambda in one account and region. Each method is one call (a listing: one for each page), throws
 * {@link AwsException}, and answers with what the function became.
 */
public interface Lambda {

  /**
   * GetFunction: configuration of {@code $LATEST} and the function's tags.
   *
   * @param reservedConcurrency null where nothing is reserved
   */
  record Described(
      FunctionConfiguration configuration,
      Map<String, String> tags,
      @Nullable Integer reservedConcurrency) {}

  /**
   * What invoking a version gave.
   *
   * @param error the kind of error where the function failed to answer, as in "Unhandled"; else
   *     empty
   * @param payload what it answered, as text
   * @param log the last 4 KB of its log
   */
  record Invocation(Optional<String> error, String payload, String log) {}

  /** Empty where there is no such function; fails where its tags cannot be read. */
  Optional<Described> find(String function);

  /** GetFunction of a published version, whose State and image a listing does not tell. */
  FunctionConfiguration version(String function, long version);

  /** Published versions, ascending; a listing does not tell which repository they run from. */
  List<Version> versions(String function);

  Optional<Alias> alias(String function, String alias);

  /** The statements of an alias' policy; none where it has none. */
  List<Permission> permissions(String function, String alias);

  /**
   * Creates a function from an image.
   *
   * @param image repository URI and digest
   */
  FunctionConfiguration create(
      String function,
      String image,
      String architecture,
      FunctionSettings settings,
      Map<String, String> tags);

  FunctionConfiguration updateCode(String function, String image, String architecture);

  /**
   * Sets all that {@link FunctionSettings} hold.
   *
   * @param image of the function as it is, which AWS' answer does not tell
   * @param former what the function's environment holds now, kept out of error messages
   */
  FunctionConfiguration updateSettings(
      String function, FunctionSettings settings, String image, Environment former);

  void tag(String functionArn, Map<String, String> tags);

  void untag(String functionArn, Collection<String> keys);

  /**
   * Publishes {@code $LATEST}; where nothing changed since the last version, that one is the
   * answer. It is not told which repository it runs from.
   */
  Version publish(String function, String digest);

  void createAlias(String function, String alias, long version);

  /** Sends all traffic to one version. */
  void moveAlias(String function, String alias, long version);

  void addPermission(String function, String alias, Permission permission);

  void removePermission(String function, String alias, String statementId);

  /** Of versions and aliases. */
  List<Provisioned> provisioned(String function);

  /** Asks for initialized environments of a version, in place of as many as it has. */
  void provision(String function, long version, int environments);

  /** Gives up the environments of a version or an alias; fine where there are none. */
  void releaseProvisioned(String function, String qualifier);

  void reserveConcurrency(String function, int environments);

  void releaseConcurrency(String function);

  void deleteVersion(String function, long version);

  /** With all versions and aliases. */
  void delete(String function);

  Invocation invoke(String function, long version, String payload);
}
