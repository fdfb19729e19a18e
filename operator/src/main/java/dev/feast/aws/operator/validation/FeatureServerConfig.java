package dev.feast.aws.operator.validation;

import dev.feast.aws.api.v1alpha1.DeletionPolicy;
import dev.feast.aws.operator.model.Adoption;
import dev.feast.aws.operator.model.Capacity;
import dev.feast.aws.operator.model.DesiredEndpoint;
import dev.feast.aws.operator.model.DesiredRollout;
import dev.feast.aws.operator.model.VpcAttachment;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is to be served, without mistakes and with every default filled in.
 *
 * @param project Feast project
 * @param region AWS region of the function, its image and its endpoint
 * @param assumeRoleArn the role that the operator acts as; null: its own
 * @param memoryMiB memory of the function, 128 to 10,240 MiB
 * @param timeoutSeconds longest time for one request, 1 to 30 s
 * @param environment the function's whole environment: the feature_store.yaml and the settings as
 *     the runtime reads them, and the user's variables; within Lambda's limit; ordered by name
 * @param kmsKeyArn the key that encrypts the environment; empty: Lambda's own
 * @param ephemeralStorageMiB size of /tmp, 512 to 10,240 MiB
 * @param traced whether Lambda traces a sample of all requests
 * @param snapStart whether published versions start from a snapshot
 * @param endpoint who may ask, and how; the environment holds the digests of API keys
 * @param rollout how a new version takes over
 * @param tags the user's own tags
 * @param adoption whose API it is to take over; null: it gets one of its own
 * @param featureStoreYaml the feature_store.yaml as the runtime gets it, {@code ${VAR}} unexpanded
 */
public record FeatureServerConfig(
    String project,
    Registry registry,
    String region,
    @Nullable String assumeRoleArn,
    ExecutionRole executionRole,
    ImageWish image,
    int memoryMiB,
    int timeoutSeconds,
    Map<String, String> environment,
    String kmsKeyArn,
    int ephemeralStorageMiB,
    boolean traced,
    VpcAttachment vpc,
    boolean snapStart,
    Capacity capacity,
    @Nullable Integer logRetentionDays,
    DesiredEndpoint endpoint,
    DesiredRollout rollout,
    Map<String, String> tags,
    DeletionPolicy deletionPolicy,
    @Nullable Adoption adoption,
    String featureStoreYaml) {}
