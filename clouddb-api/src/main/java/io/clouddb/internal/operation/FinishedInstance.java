/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.operation;

import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceAccess;
import io.clouddb.plan.Specification;
import io.clouddb.security.SecretRef;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Adds what the caller knows and the cloud does not tell: the password's place, the database. */
public final class FinishedInstance {
  private static final Logger log = LoggerFactory.getLogger(FinishedInstance.class);

  private FinishedInstance() {}

  /**
   * Completes an instance.
   *
   * @param instance as the cloud shows it
   * @param spec by which it was made or taken
   * @return the same instance, with what only the spec says
   */
  public static Instance of(Instance instance, InstanceAccess spec) {
    return of(instance, spec, true);
  }

  /** Without the password's place where that is not believed: it would be read and sent. */
  static Instance of(Instance instance, InstanceAccess spec, boolean believed) {
    Instance.Builder builder = instance.toBuilder();
    if (isTheSame(instance.admin(), spec.admin())) {
      boolean named = !believed || isForgotten(spec.admin());
      builder.admin(named ? AdminLogin.named(spec.admin().user()) : spec.admin());
    }
    if (instance.database().isEmpty()) {
      builder.database(spec.database().orElse(null));
    }
    return builder.build();
  }

  /**
   * With the login that its caller names of an instance that the cloud made of another one. Whoever
   * manages the password there, here it is only where the cloud says so.
   */
  static Instance of(Instance instance, AdminLogin login, boolean believed) {
    Optional<String> reported = instance.admin().map(AdminLogin::user);
    if (reported.isPresent() && !reported.get().equals(login.user())) {
      log.warn(
          "The administrator of {} is {}, as its cloud says, and not {}: connect as that role by"
              + " connection(login)",
          instance.id(),
          reported.get(),
          login.user());
      return instance;
    }
    if (instance.admin().filter(AdminLogin::managed).isPresent()) {
      return instance;
    }
    AdminLogin known =
        login
            .password()
            .filter(place -> believed && !isForgotten(login))
            .map(place -> AdminLogin.of(login.user(), place))
            .orElseGet(() -> AdminLogin.named(login.user()));
    return instance.toBuilder().admin(known).build();
  }

  private static boolean isForgotten(AdminLogin login) {
    return login
        .password()
        .filter(SecretRef.environment(Specification.FORGOTTEN_SECRET)::equals)
        .isPresent();
  }

  /** An existing instance that ensure takes may have another admin, or one of its own keeping. */
  private static boolean isTheSame(Optional<AdminLogin> reported, AdminLogin told) {
    return !told.managed()
        && reported.filter(admin -> admin.managed() || !admin.user().equals(told.user())).isEmpty();
  }
}
