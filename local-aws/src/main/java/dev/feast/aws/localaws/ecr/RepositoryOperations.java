package dev.feast.aws.localaws.ecr;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.feast.aws.localaws.spi.Caller;
import dev.feast.aws.localaws.spi.Page;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/** What ECR's API does with repositories, their policies and their tags. */
final class RepositoryOperations {
  private static final String NAME_FORM =
      "(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*";
  private static final Pattern NAME = Pattern.compile(NAME_FORM);

  /** ECR's quota of tags for each repository. */
  private static final int MAX_TAGS = 50;

  private static final JsonMapper JSON = new JsonMapper();

  private final Repositories repositories;
  private final Supplier<URI> endpoint;

  RepositoryOperations(Repositories repositories, Supplier<URI> endpoint) {
    this.repositories = repositories;
    this.endpoint = endpoint;
  }

  JsonNode create(JsonNode input, Caller caller) {
    RepositoryKey key = key(input, caller);
    boolean immutable = immutable(input.path("imageTagMutability").asText("MUTABLE"));
    Map<String, String> tags = tags(input.path("tags"));
    checkTagCount(tags);
    Repository repository =
        repositories.create(key).orElseThrow(() -> EcrErrors.repositoryAlreadyExists(key));
    repository.immutable(immutable);
    repository.scanOnPush(input.path("imageScanningConfiguration").path("scanOnPush").asBoolean());
    repository.tag(tags);
    var output = JsonNodeFactory.instance.objectNode();
    output.set("repository", describe(repository, caller));
    return output;
  }

  JsonNode describe(JsonNode input, Caller caller) {
    List<Repository> found = new ArrayList<>();
    if (input.path("repositoryNames").isArray()) {
      for (JsonNode name : input.path("repositoryNames")) {
        found.add(find(new RepositoryKey(registry(input, caller), caller.region(), name.asText())));
      }
    } else {
      found.addAll(repositories.list(registry(input, caller), caller.region()));
    }
    Page<Repository> page = Pages.of(found, repository -> repository.key().name(), input);
    var output = JsonNodeFactory.instance.objectNode();
    var array = output.putArray("repositories");
    page.items().forEach(repository -> array.add(describe(repository, caller)));
    page.next().ifPresent(token -> output.put("nextToken", token));
    return output;
  }

  JsonNode delete(JsonNode input, Caller caller) throws IOException {
    Repository repository = repository(input, caller);
    if (!input.path("force").asBoolean() && !repository.isEmpty()) {
      throw EcrErrors.repositoryNotEmpty(repository.key());
    }
    repositories.delete(repository);
    var output = JsonNodeFactory.instance.objectNode();
    output.set("repository", describe(repository, caller));
    return output;
  }

  JsonNode putMutability(JsonNode input, Caller caller) {
    Repository repository = repository(input, caller);
    repository.immutable(immutable(input.path("imageTagMutability").asText()));
    return identified(repository)
        .put("imageTagMutability", repository.immutable() ? "IMMUTABLE" : "MUTABLE");
  }

  // Policies

  JsonNode setPolicy(JsonNode input, Caller caller) {
    Repository repository = repository(input, caller);
    String text =
        normalised(input.path("policyText").asText(), "Invalid repository policy provided");
    repository.policy(text);
    return identified(repository).put("policyText", text);
  }

  JsonNode getPolicy(JsonNode input, Caller caller) {
    Repository repository = repository(input, caller);
    return identified(repository)
        .put(
            "policyText",
            repository.policy().orElseThrow(() -> EcrErrors.policyNotFound(repository.key())));
  }

  JsonNode deletePolicy(JsonNode input, Caller caller) {
    JsonNode last = getPolicy(input, caller);
    repository(input, caller).policy(null);
    return last;
  }

  JsonNode putLifecyclePolicy(JsonNode input, Caller caller) {
    Repository repository = repository(input, caller);
    String text = input.path("lifecyclePolicyText").asText();
    normalised(text, "Lifecycle policy validation failure");
    repository.lifecyclePolicy(text);
    return identified(repository).put("lifecyclePolicyText", text);
  }

  JsonNode getLifecyclePolicy(JsonNode input, Caller caller) {
    Repository repository = repository(input, caller);
    return identified(repository)
        .put(
            "lifecyclePolicyText",
            repository
                .lifecyclePolicy()
                .orElseThrow(() -> EcrErrors.lifecyclePolicyNotFound(repository.key())));
  }

  JsonNode deleteLifecyclePolicy(JsonNode input, Caller caller) {
    JsonNode last = getLifecyclePolicy(input, caller);
    repository(input, caller).lifecyclePolicy(null);
    return last;
  }

  /** ECR gives a policy back indented, whatever it was set as. */
  private static String normalised(String policy, String problem) {
    try {
      JsonNode json = JSON.readTree(policy);
      if (json != null && json.isObject()) {
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json);
      }
    } catch (JsonProcessingException e) {
      // told below, as for JSON that is no object
    }
    throw EcrErrors.invalid("PolicyText", problem);
  }

  // Tags

  JsonNode tag(JsonNode input, Caller caller) {
    Repository repository = tagged(input, caller);
    Map<String, String> more = tags(input.path("tags"));
    var all = repository.tags();
    all.putAll(more);
    checkTagCount(all);
    repository.tag(more);
    return JsonNodeFactory.instance.objectNode();
  }

  JsonNode untag(JsonNode input, Caller caller) {
    Repository repository = tagged(input, caller);
    repository.untag(
        StreamSupport.stream(input.path("tagKeys").spliterator(), false)
            .map(JsonNode::asText)
            .toList());
    return JsonNodeFactory.instance.objectNode();
  }

  JsonNode listTags(JsonNode input, Caller caller) {
    var output = JsonNodeFactory.instance.objectNode();
    var array = output.putArray("tags");
    tagged(input, caller)
        .tags()
        .forEach((key, value) -> array.addObject().put("Key", key).put("Value", value));
    return output;
  }

  private Repository tagged(JsonNode input, Caller caller) {
    String arn = input.path("resourceArn").asText();
    String prefix = caller.arn("ecr", "repository/");
    if (!arn.startsWith(prefix)) {
      throw EcrErrors.invalid("resourceArn", "must be the ARN of a repository of this registry");
    }
    return find(
        new RepositoryKey(caller.accountId(), caller.region(), arn.substring(prefix.length())));
  }

  private static Map<String, String> tags(JsonNode list) {
    var tags = new TreeMap<String, String>();
    for (JsonNode tag : list) {
      tags.put(tag.path("Key").asText(), tag.path("Value").asText());
    }
    return tags;
  }

  private static void checkTagCount(Map<String, String> tags) {
    if (tags.size() > MAX_TAGS) {
      throw EcrErrors.error(
          "TooManyTagsException", "A repository may have at most %s tags", MAX_TAGS);
    }
  }

  // Common to all

  /** The repository that a request names. */
  Repository repository(JsonNode input, Caller caller) {
    return find(key(input, caller));
  }

  private Repository find(RepositoryKey key) {
    return repositories.find(key).orElseThrow(() -> EcrErrors.repositoryNotFound(key));
  }

  static RepositoryKey key(JsonNode input, Caller caller) {
    String name = input.path("repositoryName").asText();
    if (name.length() < 2 || name.length() > 256 || !NAME.matcher(name).matches()) {
      throw EcrErrors.invalid(
          "repositoryName", "must satisfy regular expression '" + NAME_FORM + "'");
    }
    return new RepositoryKey(registry(input, caller), caller.region(), name);
  }

  static String registry(JsonNode input, Caller caller) {
    return input.path("registryId").asText(caller.accountId());
  }

  private static boolean immutable(String mutability) {
    return switch (mutability) {
      case "MUTABLE" -> false;
      case "IMMUTABLE" -> true;
      default ->
          throw EcrErrors.invalid(
              "imageTagMutability", "Member must satisfy enum value set: [IMMUTABLE, MUTABLE]");
    };
  }

  private static ObjectNode identified(Repository repository) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("registryId", repository.key().account())
        .put("repositoryName", repository.key().name());
  }

  private JsonNode describe(Repository repository, Caller caller) {
    RepositoryKey key = repository.key();
    ObjectNode output =
        identified(repository)
            .put("repositoryArn", caller.arn("ecr", "repository/" + key.name()))
            .put("repositoryUri", endpoint.get().getAuthority() + "/" + key.path())
            .put("createdAt", repository.createdAt().toEpochMilli() / 1000.0)
            .put("imageTagMutability", repository.immutable() ? "IMMUTABLE" : "MUTABLE");
    output.putObject("imageScanningConfiguration").put("scanOnPush", repository.scanOnPush());
    output.putObject("encryptionConfiguration").put("encryptionType", "AES256");
    return output;
  }
}
