package dev.feast.aws.localaws.spi;

import dev.feast.aws.localaws.iam.Iam;
import dev.feast.aws.localaws.sts.IssuedKeys;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Supplier;

/**
 * What a service finds around it.
 *
 * @param dataDir where state that outlives the process belongs; a service takes a folder of its own
 *     name in it
 * @param endpoint {@code http://127.0.0.1:<port>}, known once the instance serves
 * @param keys issues and knows the access keys of roles
 * @param iam who may do what
 * @param clock what time it is
 */
public record Installation(
    Path dataDir, Supplier<URI> endpoint, IssuedKeys keys, Iam iam, Clock clock) {
  /** A service's own folder below the data folder; not created here. */
  public Path folder(String service) {
    return dataDir.resolve(service);
  }
}
