package dev.feast.aws.operator.validation;

/**
 * One mistake in a spec or its feature_store.yaml.
 *
 * @param key where it is, as a path below {@code spec} such as {@code featureStore.provider}; for a
 *     feature_store.yaml from elsewhere the path in it, such as {@code feature_store.yaml:
 *     provider}
 * @param message what the key holds and what would do; never the value of an environment variable
 *     or an API key
 */
public record Problem(Reason reason, String key, String message) {

  /** The mistakes that are told apart; the names are the reasons of conditions. */
  public enum Reason {
    /** The feature_store.yaml is no YAML, or not an object. */
    UnreadableFeatureStore,
    /** A {placeholder}, as documentation has them, was left in. */
    PlaceholderLeft,
    /** The YAML uses a variable that function.environment does not define. */
    UndefinedVariable,
    /** The project is missing or its name is not one that Feast takes. */
    InvalidProject,
    ProviderNotAws,
    /** The registry is missing or not an object on S3. */
    RegistryNotOnS3,
    /** The online store is not DynamoDB. */
    UnknownOnlineStore,
    /** Neither aws.region nor online_store.region says where. */
    NoRegion,
    InvalidRegion,
    /** The YAML declares no feature server, and no function.executionRole stands in. */
    FeatureServerMissing,
    /** A feature server without a role for the function. */
    ExecutionRoleMissing,
    InvalidExecutionRole,
    /** The YAML and function.executionRole name two different roles. */
    TwoExecutionRoles,
    /** A role that the operator's settings do not allow in the namespace. */
    ExecutionRoleNotAllowed,
    /** What the operator is to act as is no role. */
    InvalidAssumeRole,
    /** A role that the operator's settings do not let it act as for the namespace. */
    AssumeRoleNotAllowed,
    /** Everybody could ask, and the operator's settings do not allow that in the namespace. */
    PublicEndpointNotAllowed,
    /** A registry that the operator's settings do not allow in the namespace. */
    ImageHostNotAllowed,
    /** The annotation that asks to adopt an API names none. */
    InvalidAdoption,
    /** An adoption that the operator's settings do not allow in the namespace. */
    AdoptionNotAllowed,
    /** The YAML and spec.endpoint do not agree on who may ask. */
    AuthorizationConflict,
    /** API keys are asked for, and no Secret is named that holds them. */
    ApiKeysMissing,
    /** Tokens are asked for, and nothing says whose. */
    JwtMissing,
    /** A key in the Secret that nobody could send, or that could be guessed. */
    InvalidApiKey,
    /** Another key of the feature_store.yaml holds what it never may. */
    InvalidValue,
    InvalidImage,
    /** A probe of the user's own that no version could be asked. */
    InvalidProbe,
    /** A name that Lambda or the runtime keeps for itself. */
    ReservedEnvironmentName,
    InvalidEnvironmentName,
    EnvironmentTooLarge,
    /** What encrypts the environment is no KMS key of the function's region. */
    InvalidKmsKey,
    /** A tag that AWS or the operator keeps for itself. */
    ReservedTag,
    /** A tag that AWS would refuse. */
    InvalidTag
  }

  /** The problem as a sentence that starts with the key. */
  public String text() {
    return key + ": " + message;
  }
}
