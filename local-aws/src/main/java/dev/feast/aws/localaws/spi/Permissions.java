package dev.feast.aws.localaws.spi;

import java.io.IOException;
import java.util.List;

/**
 * Whom IAM has to allow what before an operation has its effect.
 *
 * @param caller who asks; not always whoever signed the request, for a registry's token stands for
 *     the one who got it
 * @param all each of them is needed; none for what everybody may do
 */
public record Permissions(Caller caller, List<Permission> all) {
  public Permissions {
    all = List.copyOf(all);
  }

  public static Permissions of(Caller caller, Permission... all) {
    return new Permissions(caller, List.of(all));
  }

  /** Finds out what a call needs; asked only where IAM is enforced. */
  @FunctionalInterface
  public interface Source {
    /**
     * Reads it from the request.
     *
     * @throws AwsError for a request that cannot be right
     */
    Permissions get() throws IOException;
  }
}
