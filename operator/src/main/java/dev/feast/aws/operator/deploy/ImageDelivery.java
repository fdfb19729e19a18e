package dev.feast.aws.operator.deploy;

import dev.feast.aws.operator.model.ObservedStack.Repository;
import java.util.Optional;

/** Brings the desired image into the repository. */
@FunctionalInterface
public interface ImageDelivery {

  /** Returns why the image is not there now; empty once it is */
  Optional<Blocked> deliverTo(Repository repository);
}
