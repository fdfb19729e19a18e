package dev.feast.aws.localaws.lambda;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.feast.aws.localaws.ecr.Digest;
import dev.feast.aws.localaws.ecr.Manifest;
import dev.feast.aws.localaws.ecr.Repositories;
import dev.feast.aws.localaws.ecr.Repository;
import dev.feast.aws.localaws.ecr.RepositoryKey;
import dev.feast.aws.localaws.ecr.StoredImage;
import dev.feast.aws.localaws.iam.Iam;
import dev.feast.aws.localaws.spi.AwsError;
import dev.feast.aws.localaws.spi.Caller;
import dev.feast.aws.localaws.spi.Permission;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Lambda checks of an image while the caller waits: it is there, may be pulled, and is of a
 * kind that runs.
 */
final class ImageResolver {
  private static final Pattern URI_FORM =
      Pattern.compile(
          "(?<host>[^/]+)/(?<account>\\d{12})/(?<region>[a-z0-9-]+)/(?<name>[^:@]+)(?::(?<tag>[^@]+)|@(?<digest>sha256:[0-9a-f]{64}))");
  private static final Set<String> PULL_ACTIONS =
      Set.of("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer");
  private static final Set<String> POLICY_ACTIONS =
      Set.of("ecr:GetRepositoryPolicy", "ecr:SetRepositoryPolicy");
  private static final JsonMapper JSON = new JsonMapper();

  private final Repositories repositories;
  private final Supplier<URI> endpoint;
  private final Iam iam;

  ImageResolver(Repositories repositories, Supplier<URI> endpoint, Iam iam) {
    this.repositories = repositories;
    this.endpoint = endpoint;
    this.iam = iam;
  }

  FunctionImage resolve(String imageUri, Caller caller) {
    Matcher uri = URI_FORM.matcher(imageUri);
    if (!uri.matches()
        || !uri.group("host").equals(endpoint.get().getAuthority())
        || !uri.group("region").equals(caller.region())) {
      throw LambdaErrors.invalid(
          "Source image " + imageUri + " is not valid. Provide a valid source image.");
    }
    var key = new RepositoryKey(uri.group("account"), uri.group("region"), uri.group("name"));
    Repository repository = repositories.find(key).orElseThrow(() -> doesNotExist(imageUri));
    Optional<StoredImage> image =
        uri.group("digest") == null
            ? repository.image(uri.group("tag"))
            : Digest.parse(uri.group("digest")).flatMap(repository::image);
    allowPull(repository, caller);
    StoredImage found = image.orElseThrow(() -> doesNotExist(imageUri));
    if (!isSupported(found)) {
      throw LambdaErrors.invalid(
          "The image manifest, config or layer media type for the source image "
              + imageUri
              + " is not supported.");
    }
    String repositoryUri =
        "%s/%s/%s/%s".formatted(uri.group("host"), key.account(), key.region(), key.name());
    return new FunctionImage(imageUri, repositoryUri, key, found.digest());
  }

  private static AwsError doesNotExist(String imageUri) {
    return LambdaErrors.invalid(
        "Source image " + imageUri + " does not exist. Provide a valid source image.");
  }

  /**
   * One image's manifest that says in {@code mediaType} what it is; an index is none, whatever it
   * lists.
   */
  private static boolean isSupported(StoredImage image) {
    try {
      JsonNode json = JSON.readTree(image.content());
      String own = json.path("mediaType").asText();
      String config = json.path("config").path("mediaType").asText();
      return (own.equals(Manifest.OCI_MANIFEST)
              && config.equals("application/vnd.oci.image.config.v1+json"))
          || (own.equals(Manifest.DOCKER_MANIFEST)
              && config.equals("application/vnd.docker.container.image.v1+json"));
    } catch (java.io.IOException e) {
      return false;
    }
  }

  /**
   * Lambda pulls as a service: the repository's policy has to let it. Where it does not, and the
   * caller may read and change the policy, Lambda adds the statement itself.
   */
  private void allowPull(Repository repository, Caller caller) {
    String policy = repository.policy().orElse("{\"Version\":\"2008-10-17\",\"Statement\":[]}");
    if (allows(policy, "Deny")) {
      throw noPermission();
    }
    if (allows(policy, "Allow")) {
      return;
    }
    String arn = caller.arn("ecr", "repository/" + repository.key().name());
    boolean mayChange =
        POLICY_ACTIONS.stream()
            .allMatch(action -> iam.refusal(caller, Permission.of(action, arn)).isEmpty());
    if (!repository.key().account().equals(caller.accountId()) || !mayChange) {
      throw noPermission();
    }
    repository.policy(withLambda(policy, caller));
  }

  private static AwsError noPermission() {
    return AwsError.of(
        403,
        "AccessDeniedException",
        "Lambda does not have permission to access the ECR image. Check the ECR permissions.");
  }

  /** Whether the policy's statements of that effect, taken together, cover what a pull does. */
  private static boolean allows(String policy, String effect) {
    try {
      boolean all = false;
      var covered = new java.util.HashSet<String>();
      for (JsonNode statement : list(JSON.readTree(policy).path("Statement"))) {
        if (statement.path("Effect").asText().equals(effect) && isForLambda(statement)) {
          for (JsonNode action : list(statement.path("Action"))) {
            all |= action.asText().equals("ecr:*") || action.asText().equals("*");
            covered.add(action.asText());
          }
        }
      }
      // One denied action is enough to stop a pull; allowed have to be both.
      return all
          || (effect.equals("Deny")
              ? PULL_ACTIONS.stream().anyMatch(covered::contains)
              : covered.containsAll(PULL_ACTIONS));
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  private static boolean isForLambda(JsonNode statement) {
    JsonNode principal = statement.path("Principal");
    if (principal.asText().equals("*")) {
      return true;
    }
    for (JsonNode service : list(principal.path("Service"))) {
      if (service.asText().equals("lambda.amazonaws.com")) {
        return true;
      }
    }
    return false;
  }

  /** IAM lets a list of one be written without its brackets. */
  private static Iterable<JsonNode> list(JsonNode json) {
    return json.isArray()
        ? json
        : json.isMissingNode() ? java.util.List.of() : java.util.List.of(json);
  }

  private static String withLambda(String policy, Caller caller) {
    try {
      var document = (ObjectNode) JSON.readTree(policy);
      ArrayNode statements = JSON.createArrayNode();
      list(document.path("Statement")).forEach(statements::add);
      ObjectNode statement = statements.addObject();
      statement.put("Sid", "LambdaECRImageRetrievalPolicy").put("Effect", "Allow");
      statement.putObject("Principal").put("Service", "lambda.amazonaws.com");
      statement
          .putArray("Action")
          .add("ecr:BatchGetImage")
          .add("ecr:GetDownloadUrlForLayer")
          .add("ecr:SetRepositoryPolicy")
          .add("ecr:DeleteRepositoryPolicy")
          .add("ecr:GetRepositoryPolicy");
      statement
          .putObject("Condition")
          .putObject("StringLike")
          .put("aws:sourceArn", caller.arn("lambda", "function:*"));
      document.set("Statement", statements);
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
