package dev.feast.aws.localaws.ecr;

import com.fasterxml.jackson.databind.JsonNode;
import dev.feast.aws.localaws.spi.Caller;
import dev.feast.aws.localaws.spi.Permission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.StreamSupport;

/**
 * What IAM has to allow for ECR's operations: "Actions, resources, and condition keys for Amazon
 * Elastic Container Registry" of the service authorization reference. An action is called as its
 * operation, and the resource is the repository that the input names.
 */
final class EcrPermissions {
  private final Repositories repositories;

  EcrPermissions(Repositories repositories) {
    this.repositories = repositories;
  }

  List<Permission> of(String operation, JsonNode input, Caller caller) {
    String action = "ecr:" + operation;
    return switch (operation) {
      case "GetAuthorizationToken" -> List.of(Permission.of(action, "*"));
      case "CreateRepository" -> create(input, caller);
      case "DescribeRepositories" -> describe(input, caller);
      case "TagResource" ->
          List.of(onArn(action, input, caller).settingTags(tags(input.path("tags"))));
      case "UntagResource" ->
          List.of(onArn(action, input, caller).namingTags(texts(input.path("tagKeys"))));
      case "ListTagsForResource" -> List.of(onArn(action, input, caller));
      default -> List.of(on(action, RepositoryOperations.key(input, caller)));
    };
  }

  private List<Permission> create(JsonNode input, Caller caller) {
    RepositoryKey key = RepositoryOperations.key(input, caller);
    Map<String, String> tags = tags(input.path("tags"));
    var needed = new ArrayList<Permission>();
    needed.add(on("ecr:CreateRepository", key).settingTags(tags));
    if (!tags.isEmpty()) {
      needed.add(on("ecr:TagResource", key).settingTags(tags));
    }
    return needed;
  }

  private List<Permission> describe(JsonNode input, Caller caller) {
    List<String> names = texts(input.path("repositoryNames"));
    String registry = RepositoryOperations.registry(input, caller);
    return names.isEmpty()
        ? List.of(Permission.of("ecr:DescribeRepositories", arn(registry, caller.region(), "*")))
        : names.stream()
            .map(name -> new RepositoryKey(registry, caller.region(), name))
            .map(key -> on("ecr:DescribeRepositories", key))
            .toList();
  }

  private Permission onArn(String action, JsonNode input, Caller caller) {
    String arn = input.path("resourceArn").asText();
    String prefix = caller.arn("ecr", "repository/");
    return arn.startsWith(prefix)
        ? on(
            action,
            new RepositoryKey(caller.accountId(), caller.region(), arn.substring(prefix.length())))
        : Permission.of(action, arn);
  }

  private Permission on(String action, RepositoryKey key) {
    return on(repositories.find(key), key, action);
  }

  /** What that action needs where the registry was asked. */
  static Permission on(Repository repository, String action) {
    return on(Optional.of(repository), repository.key(), action);
  }

  /** The same, for a path at which there is no repository. */
  static Permission onMissing(String path, String action) {
    String[] parts = (path + "//").split("/", 3);
    return Permission.of(action, arn(parts[0], parts[1], parts[2].replaceFirst("/+$", "")));
  }

  private static Permission on(Optional<Repository> found, RepositoryKey key, String action) {
    return Permission.of(action, arn(key.account(), key.region(), key.name()))
        .onTagged(found.map(Repository::tags).orElse(Map.of()));
  }

  private static String arn(String account, String region, String name) {
    return "arn:aws:ecr:%s:%s:repository/%s".formatted(region, account, name);
  }

  private static Map<String, String> tags(JsonNode list) {
    var tags = new TreeMap<String, String>();
    list.forEach(tag -> tags.put(tag.path("Key").asText(), tag.path("Value").asText()));
    return tags;
  }

  private static List<String> texts(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText).toList();
  }
}
