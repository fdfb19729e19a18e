package dev.feast.aws.localaws.dispatch;

import dev.feast.aws.localaws.http.Request;
import dev.feast.aws.localaws.sigv4.Authorization;
import dev.feast.aws.localaws.spi.Service;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which requests belong to a service. Routes are asked in order, and the first that matches has the
 * request.
 */
public record Route(Match match, Service service) {

  /** Whether a request belongs here; nothing of its body has been read. */
  @FunctionalInterface
  public interface Match {
    boolean test(Request request, Optional<Authorization> signed);
  }

  /** What is signed for the service: its name in SigV4's credential scope. */
  public static Route scope(Service service) {
    return new Route(
        (request, signed) -> signed.isPresent() && signed.get().service().equals(service.name()),
        service);
  }

  /** What is not signed with SigV4 and looks like the service's. */
  public static Route unsigned(Predicate<Request> looks, Service service) {
    return new Route(
        (request, signed) -> !Authorization.isClaimedBy(request) && looks.test(request), service);
  }

  /** What lies below a path, signed or not. */
  public static Route prefix(String rawPath, Service service) {
    return new Route((request, signed) -> request.rawPath().startsWith(rawPath), service);
  }
}
