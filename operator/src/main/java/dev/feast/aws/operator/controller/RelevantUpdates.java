package dev.feast.aws.operator.controller;

import dev.feast.aws.api.v1alpha1.FeatureServer;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Which updates of a FeatureServer are a reason to look at it: of its spec, which its generation
 * tells, of its life, and of the annotations that are the operator's. Other people's annotations
 * and labels are none, nor are statuses, or each write of one would lead to the next.
 */
final class RelevantUpdates implements OnUpdateFilter<FeatureServer> {
  /** What the operator's annotations start with. */
  static final String PREFIX = "aws.feast.dev/";

  @Override
  public boolean accept(FeatureServer now, FeatureServer before) {
    return !Objects.equals(now.getMetadata().getGeneration(), before.getMetadata().getGeneration())
        || now.isMarkedForDeletion() != before.isMarkedForDeletion()
        || now.hasFinalizer(FeatureServerReconciler.FINALIZER)
            != before.hasFinalizer(FeatureServerReconciler.FINALIZER)
        || !annotations(now).equals(annotations(before));
  }

  private static Map<String, String> annotations(FeatureServer resource) {
    var ours = new TreeMap<String, String>();
    Map<String, String> all = resource.getMetadata().getAnnotations();
    if (all != null) {
      all.forEach(
          (key, value) -> {
            if (key.startsWith(PREFIX)) {
              ours.put(key, value);
            }
          });
    }
    return ours;
  }
}
