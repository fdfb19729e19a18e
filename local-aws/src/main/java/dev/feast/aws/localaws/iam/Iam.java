package dev.feast.aws.localaws.iam;

import dev.feast.aws.localaws.spi.AwsError;
import dev.feast.aws.localaws.spi.Caller;
import dev.feast.aws.localaws.spi.Permission;
import dev.feast.aws.localaws.spi.Permissions;
import dev.feast.aws.localaws.spi.WireErrors;
import dev.feast.aws.localaws.sts.IssuedKeys;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether calls may be made. A role may do what its policies allow; root, which is every
 * key that is no role's, may do everything. Without identities nobody is refused anything, and
 * every role may be assumed.
 */
public final class Iam {
  private static final String LAMBDA = "lambda.amazonaws.com";

  private final @Nullable Identities identities;

  private Iam(@Nullable Identities identities) {
    this.identities = identities;
  }

  /** Everything is allowed. */
  public static Iam open() {
    return new Iam(null);
  }

  /** What the policies of these roles do not allow is refused. */
  public static Iam enforcing(Identities identities) {
    return new Iam(identities);
  }

  /** The roles; empty where everything is allowed. */
  public Optional<Identities> identities() {
    return Optional.ofNullable(identities);
  }

  /**
   * Checks what a call needs.
   *
   * @throws AwsError the service's own, for the first permission that is missing
   */
  public void check(Permissions.Source needed, WireErrors errors) throws IOException {
    if (identities == null) {
      return;
    }
    Permissions permissions = needed.get();
    for (Permission permission : permissions.all()) {
      Optional<String> refusal = refusal(permissions.caller(), permission);
      if (refusal.isPresent()) {
        throw errors.accessDenied(refusal.get());
      }
    }
  }

  /** Why that may not be done, in AWS's words; empty where it may. */
  public Optional<String> refusal(Caller caller, Permission permission) {
    Decision decision =
        identities == null ? Decision.ALLOWED : decide(caller, permission, identities);
    String refused =
        "User: %s is not authorized to perform: %s on resource: %s"
            .formatted(caller.principalArn(), permission.action(), permission.resource());
    return switch (decision) {
      case ALLOWED -> Optional.empty();
      case NOT_ALLOWED ->
          Optional.of(
              refused
                  + " because no identity-based policy allows the "
                  + permission.action()
                  + " action");
      case DENIED -> Optional.of(refused + " with an explicit deny in an identity-based policy");
    };
  }

  private static Decision decide(Caller caller, Permission permission, Identities identities) {
    Optional<Principal.RoleName> name = Principal.role(caller);
    if (name.isEmpty()) {
      return caller.accessKeyId().isEmpty() ? Decision.NOT_ALLOWED : Decision.ALLOWED;
    }
    Optional<Role> role = identities.role(name.get());
    return role.map(
            r -> r.decide(permission, Context.of(caller, principal(caller, role), permission)))
        .orElse(Decision.NOT_ALLOWED);
  }

  private static String principal(Caller caller, Optional<Role> role) {
    return role.map(Role::arn).orElse(caller.principalArn());
  }

  /** Whether a role may do that, as the service that acts for it finds out. */
  public boolean roleMay(String roleArn, String region, Permission permission) {
    if (identities == null) {
      return true;
    }
    var service = new Caller(IssuedKeys.accountOf(roleArn), region, "", roleArn, "");
    return identities
        .role(roleArn)
        .map(role -> role.decide(permission, Context.of(service, roleArn, permission)))
        .filter(Decision.ALLOWED::equals)
        .isPresent();
  }

  /**
   * Whether a caller may have the keys of a role: within an account the role's trust policy is
   * enough where it names the caller; where it names the account, and from any other account, the
   * caller's own policies have to allow it as well.
   *
   * @param details what conditions may ask about the call, by condition key
   */
  public boolean mayAssume(String roleArn, Caller caller, Map<String, String> details) {
    if (identities == null) {
      return true;
    }
    Optional<Role> role = identities.role(roleArn);
    if (role.isEmpty()) {
      return false;
    }
    String arn = principal(caller, Principal.role(caller).flatMap(identities::role));
    var all = new TreeMap<>(details);
    all.put("aws:PrincipalArn", arn);
    all.put("aws:PrincipalAccount", caller.accountId());
    TrustPolicy.Verdict trusted =
        role.get()
            .trust()
            .decide("sts:AssumeRole", new Principal.Signed(caller, arn), Context.of(all));
    Decision own = decide(caller, Permission.of("sts:AssumeRole", roleArn), identities);
    boolean same = roleArn.contains("::" + caller.accountId() + ":");
    return switch (trusted) {
      case DENIED, NOT_NAMED -> false;
      case ACCOUNT -> own == Decision.ALLOWED;
      case NAMED -> own == Decision.ALLOWED || (same && own == Decision.NOT_ALLOWED);
    };
  }

  /**
   * Whether somebody may have the keys of a role because an identity provider vouches for them.
   *
   * @param issuer of the token, {@code https://…}
   */
  public boolean mayAssume(String roleArn, String issuer, String subject, String audience) {
    if (identities == null) {
      return true;
    }
    String provider = issuer.replaceFirst("^https://", "");
    String arn = roleArn.replaceFirst(":role/.*", ":oidc-provider/" + provider);
    return trusts(
        identities,
        roleArn,
        "sts:AssumeRoleWithWebIdentity",
        new Principal.Federated(arn),
        Map.of(provider + ":sub", subject, provider + ":aud", audience));
  }

  /** Whether Lambda may have the keys of a role, for a function of that account. */
  public boolean lambdaMayAssume(String roleArn, String account) {
    return identities == null
        || trusts(
            identities,
            roleArn,
            "sts:AssumeRole",
            new Principal.Service(LAMBDA),
            Map.of("aws:SourceAccount", account));
  }

  private static boolean trusts(
      Identities identities,
      String roleArn,
      String action,
      Principal who,
      Map<String, String> details) {
    return identities
        .role(roleArn)
        .map(role -> role.trust().decide(action, who, Context.of(details)))
        .filter(verdict -> verdict == TrustPolicy.Verdict.NAMED)
        .isPresent();
  }
}
