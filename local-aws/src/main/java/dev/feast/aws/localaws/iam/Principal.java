package dev.feast.aws.localaws.iam;

import dev.feast.aws.localaws.spi.Caller;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who asks for the keys of a role. */
sealed interface Principal {
  /**
   * Somebody with keys.
   *
   * @param arn the role's own for a session of it
   */
  record Signed(Caller caller, String arn) implements Principal {}

  /** A service of AWS, e.g. {@code lambda.amazonaws.com}. */
  record Service(String name) implements Principal {}

  /** Whoever an identity provider vouches for, by the provider's ARN. */
  record Federated(String provider) implements Principal {}

  Pattern SESSION = Pattern.compile("arn:aws[a-z-]*:sts::(\\d{12}):assumed-role/([^/]+)/.*");

  /** The role whose session calls. */
  record RoleName(String account, String name) {}

  static Optional<RoleName> role(Caller caller) {
    Matcher session = SESSION.matcher(caller.principalArn());
    return session.matches()
        ? Optional.of(new RoleName(session.group(1), session.group(2)))
        : Optional.empty();
  }
}
