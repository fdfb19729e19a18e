package dev.feast.aws.runtime.lookup;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks for.
 *
 * @param features as {@code view:feature}; not looked at where a service is named, as in Feast
 * @param entities columns by join key or entity name, in the request's order, all of one length
 * @param fullFeatureNames whether features are called {@code view__feature} in the answer
 * @param viewVersions whether the answer says which version of each view it is from
 */
record LookupRequest(
    List<String> features,
    @Nullable String featureService,
    Map<String, List<EntityValue>> entities,
    boolean fullFeatureNames,
    boolean viewVersions) {}
