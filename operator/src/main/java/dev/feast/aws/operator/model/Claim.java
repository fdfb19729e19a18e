package dev.feast.aws.operator.model;

import dev.feast.aws.operator.model.ObservedStack.Api;
import java.util.Map;

/**
 * Another's API that a FeatureServer is about to take over.
 *
 * @param api as it was found, with its former owner's tags
 * @param tags all that say that it is the FeatureServer's from now on, and what it led to: set in
 *     one call, so that it never belongs to half of each
 * @param former what it led to
 * @param whose as {@link Ownership.Foreign#whose()}
 */
public record Claim(Api api, Map<String, String> tags, Former former, String whose) {

  /** The API once that is done. */
  public Api claimed() {
    return api.withTags(Tags.with(api.tags(), tags));
  }
}
