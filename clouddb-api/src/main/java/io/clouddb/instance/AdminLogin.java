/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.instance;

import io.clouddb.security.SecretRef;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The administrator of an instance. No cloud makes it a superuser. Immutable. */
public final class AdminLogin {
  private final String user;
  private final @Nullable SecretRef password;
  private final boolean managed;

  private AdminLogin(String user, @Nullable SecretRef password, boolean managed) {
    this.user = Objects.requireNonNull(user, "user");
    this.password = password;
    this.managed = managed;
  }

  /**
   * A login whose password the caller chooses.
   *
   * @param user name of the role
   * @param password where the password is
   * @return the login
   */
  public static AdminLogin of(String user, SecretRef password) {
    return new AdminLogin(user, Objects.requireNonNull(password, "password"), false);
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
   * A login as a cloud shows it: by its name, without a password. No spec takes it.
   *
   * @param user name of the role
   * @return the login
   */
  public static AdminLogin named(String user) {
    return new AdminLogin(user, null, false);
  }

  /**
   * With the place of the password.
   *
   * @param place where the password is
   * @return a new value
   */
  public AdminLogin passwordIn(SecretRef place) {
    return new AdminLogin(user, Objects.requireNonNull(place, "place"), managed);
  }

  /**
   * The role.
   *
   * @return its name
   */
  public String user() {
    return user;
  }

  /**
   * Where the password is.
   *
   * @return the reference; empty for a managed one that does not exist yet, and for one that the
   *     cloud does not show
   */
  public Optional<SecretRef> password() {
    return Optional.ofNullable(password);
  }

  /**
   * Whether the cloud makes, keeps and rotates the password.
   *
   * @return true when it does
   */
  public boolean managed() {
    return managed;
  }

  private @Nullable Object[] parts() {
    return new @Nullable Object[] {user, password, managed};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof AdminLogin that && Arrays.equals(parts(), that.parts());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(parts());
  }

  @Override
  public String toString() {
    return "AdminLogin" + Arrays.toString(parts());
  }
}
