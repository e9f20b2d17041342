/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.instance;

import io.clouddb.security.SecretRef;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The administrator of an instance. No cloud makes it a superuser.
 *
 * @param user name of the role
 * @param secret where its password is; null when the cloud makes and keeps one and the place is not
 *     known yet
 * @param managed true when the cloud makes, keeps and rotates the password
 */
public record AdminLogin(String user, @Nullable SecretRef secret, boolean managed) {
  /** Refuses what is missing. */
  public AdminLogin {
    Objects.requireNonNull(user, "user");
  }

  /**
   * A login whose password the caller chooses.
   *
   * @param user name of the role
   * @param password where the password is
   * @return the login
   */
  public static AdminLogin of(String user, SecretRef password) {
    return new AdminLogin(user, password, false);
  }

  /**
   * A login whose password the cloud makes and keeps in its store of secrets.
   *
   * @param user name of the role
   * @return the login
   */
  public static AdminLogin managed(String user) {
    return new AdminLogin(user, null, true);
  }

  /**
   * Where the password is.
   *
   * @return the reference; empty for a managed one that does not exist yet
   */
  public Optional<SecretRef> password() {
    return Optional.ofNullable(secret);
  }
}
