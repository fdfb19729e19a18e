package dev.feast.aws.operator.admission;

import dev.feast.aws.api.v1alpha1.KeyReference;

/**
 * Reads feature_store.yamls that are in ConfigMaps. Those in Secrets are not read at admission:
 * anyone may try a spec without storing it.
 */
@FunctionalInterface
public interface FeatureStoreTexts {

  /** What became of reading one. */
  sealed interface Text {
    /** It is there. */
    record Found(String text) implements Text {}

    /**
     * It is not there, or cannot be read now. No mistake: it may come later.
     *
     * @param why a sentence that names the key of the spec
     */
    record Absent(String why) implements Text {}
  }

  /** Never throws because of what is in the cluster, and never takes longer than admission may. */
  Text inConfigMap(String namespace, KeyReference reference);
}
