package dev.feast.aws.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the Lambda function.
 *
 * @param memoryMiB 128 to 10,240; at 1,769 Lambda gives one full vCPU, and more cores only past it
 * @param timeoutSeconds 1 to 30, as API Gateway's HTTP APIs cut at 30 s
 * @param ephemeralStorageMiB 512 to 10,240
 * @param reservedConcurrency null: nothing is reserved
 * @param provisionedConcurrency null: none
 * @param logRetentionDays null: the log group is nobody's business
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "!has(self.executionRole) || !self.executionRole.contains('{')",
    message = "executionRole still has a {placeholder}: replace it by its value")
@ValidationRule(
    value =
        "!has(self.executionRole) || self.executionRole.contains('{') ||"
            + " self.executionRole.matches('^(arn:[a-z-]+:iam::[0-9]{12}:role/.+|[A-Za-z0-9_+=,.@-]{1,64})$')",
    message =
        "executionRole must be the ARN of an IAM role (arn:aws:iam::<account>:role/<name>) or the"
            + " name of one")
@ValidationRule(
    value =
        "!has(self.provisionedConcurrency) || !has(self.reservedConcurrency) ||"
            + " self.reservedConcurrency >= 2 * self.provisionedConcurrency",
    message =
        "reservedConcurrency must be at least twice provisionedConcurrency: a new version is"
            + " provisioned beside the one that serves")
@ValidationRule(
    value = "self.snapStart == 'None' || !has(self.provisionedConcurrency)",
    message =
        "snapStart cannot be combined with provisionedConcurrency: Lambda offers one or the other;"
            + " remove one of them")
@ValidationRule(
    value = "self.snapStart == 'None' || self.ephemeralStorageMiB <= 512",
    message =
        "snapStart cannot be combined with ephemeralStorageMiB above 512: Lambda takes no snapshot"
            + " of more")
@ValidationRule(
    value =
        "!has(self.logRetentionDays) || self.logRetentionDays in [1, 3, 5, 7, 14, 30, 60, 90, 120,"
            + " 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653]",
    message =
        "logRetentionDays must be one that CloudWatch Logs takes: 1, 3, 5, 7, 14, 30, 60, 90, 120,"
            + " 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653")
@JsonIgnoreProperties(ignoreUnknown = true)
public record FunctionSpec(
    @JsonPropertyDescription(
            "ARN or name of the IAM role that the function runs as. Stands in for"
                + " featureStore.feature_server.execution_role_name; where both are given they must"
                + " be the same.")
        @Size(min = 1, max = 2048)
        @Nullable String executionRole,
    @JsonPropertyDescription("Memory of the function in MiB; CPU grows with it, one vCPU at 1769.")
        @Default("" + DEFAULT_MEMORY_MIB)
        @Min(128)
        @Max(10240)
        int memoryMiB,
    @JsonPropertyDescription(
            "Longest time for one request in seconds; an HTTP API waits no longer than 30.")
        @Default("" + DEFAULT_TIMEOUT_SECONDS)
        @Min(1)
        @Max(30)
        int timeoutSeconds,
    @JsonPropertyDescription(
            "Environment variables of the function; ${NAME} in the feature_store.yaml is expanded"
                + " from them. Together with the feature_store.yaml at most 4 KB.")
        @Size(max = 100)
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        Map<String, String> environment,
    @JsonPropertyDescription(
            "ARN of the KMS key that encrypts the environment, in the function's region:"
                + " arn:aws:kms:<region>:<account>:key/<id>. By default Lambda's own key. With it"
                + " only who may decrypt with that key can read the feature_store.yaml and the"
                + " variables in AWS.")
        @Pattern("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$")
        @Nullable String kmsKeyArn,
    @JsonPropertyDescription(
            "Size of /tmp in MiB. The shipped runtime does not use it; an image of your own may.")
        @Default("" + DEFAULT_EPHEMERAL_STORAGE_MIB)
        @Min(512)
        @Max(10240)
        int ephemeralStorageMiB,
    @JsonPropertyDescription(
            "PassThrough traces with X-Ray what callers trace; Active traces a sample of all"
                + " requests besides, for which the function's role has to allow"
                + " xray:PutTraceSegments and xray:PutTelemetryRecords.")
        @Default("PassThrough")
        Tracing tracing,
    @JsonPropertyDescription(
            "Attaches the function to a VPC, whose routes then have to lead to S3 and DynamoDB. By"
                + " default it is in none and reaches both. The function's role has to allow what"
                + " Lambda does with network interfaces.")
        @Nullable VpcSpec vpc,
    @JsonPropertyDescription(
            "How many requests the function may answer at once, taken from what the account's other"
                + " functions share. Beyond it callers get 503. By default it shares with them.")
        @Min(1)
        @Max(100000)
        @Nullable Integer reservedConcurrency,
    @JsonPropertyDescription(
            "How many environments of the version that serves are kept initialized, at a price"
                + " whether they are used or not. A new version gets the traffic once it has as"
                + " many; until then both have them. By default none.")
        @Min(1)
        @Max(100000)
        @Nullable Integer provisionedConcurrency,
    @JsonPropertyDescription(
            "PublishedVersions starts environments from a snapshot that Lambda takes of each"
                + " version once it is initialized, at a price for keeping and for each restoring"
                + " of it; a new version gets its traffic once that is taken. Not together with"
                + " provisionedConcurrency, nor with more than 512 MiB of /tmp. None initializes"
                + " each environment.")
        @Default("None")
        SnapStart snapStart,
    @JsonPropertyDescription(
            "After how many days CloudWatch Logs forgets what the function logged. The log group is"
                + " then made before the function, and deleted with it unless deletionPolicy is"
                + " Retain; one that was there already is kept. By default Lambda makes one, that"
                + " forgets nothing and stays.")
        @Min(1)
        @Max(3653)
        @Nullable Integer logRetentionDays) {

  public static final int DEFAULT_MEMORY_MIB = 1769;
  public static final int DEFAULT_TIMEOUT_SECONDS = 30;
  public static final int DEFAULT_EPHEMERAL_STORAGE_MIB = 512;

  /** What an absent `function` means. */
  public static final FunctionSpec DEFAULT =
      new FunctionSpec(
          null,
          DEFAULT_MEMORY_MIB,
          DEFAULT_TIMEOUT_SECONDS,
          Map.of(),
          null,
          DEFAULT_EPHEMERAL_STORAGE_MIB,
          Tracing.PassThrough,
          null,
          null,
          null,
          SnapStart.None,
          null);

  /** Absent settings become their defaults, as the API server's defaulting does. */
  @SuppressWarnings("ConstantValue") // Jackson passes null or 0 for what is absent
  public FunctionSpec {
    memoryMiB = memoryMiB == 0 ? DEFAULT_MEMORY_MIB : memoryMiB;
    timeoutSeconds = timeoutSeconds == 0 ? DEFAULT_TIMEOUT_SECONDS : timeoutSeconds;
    ephemeralStorageMiB =
        ephemeralStorageMiB == 0 ? DEFAULT_EPHEMERAL_STORAGE_MIB : ephemeralStorageMiB;
    tracing = tracing == null ? Tracing.PassThrough : tracing;
    snapStart = snapStart == null ? SnapStart.None : snapStart;
    environment =
        environment == null
            ? Map.of()
            : Collections.unmodifiableMap(new LinkedHashMap<>(environment));
  }
}
