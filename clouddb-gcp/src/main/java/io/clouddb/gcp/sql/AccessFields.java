/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static io.clouddb.instance.InstanceField.ADMIN_LOGIN;
import static io.clouddb.instance.InstanceField.ADMIN_MANAGED_PASSWORD;
import static io.clouddb.instance.InstanceField.DATABASE;

import io.clouddb.instance.AdminLogin;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.mapping.FieldRow;
import java.util.List;
import java.util.Optional;

/** The first database and its administrator, which steps of their own make. */
final class AccessFields {
  private AccessFields() {}

  static List<FieldRow<?, SeenInstance>> rows() {
    return List.of(
        database(),
        login(),
        FieldRow.<AdminLogin, SeenInstance>of(ADMIN_MANAGED_PASSWORD, AdminLogin.class, "")
            .lacking("Cloud SQL makes no passwords", "AdminLogin.of(user, password)"));
  }

  private static FieldRow<String, SeenInstance> database() {
    return FieldRow.<String, SeenInstance>of(DATABASE, String.class, "databases.name")
        .from(
            (there, asked) ->
                there
                    .hasDatabase()
                    .map(
                        has ->
                            has
                                ? asked.value(DATABASE, String.class).orElse("")
                                : "no such database"))
        .build();
  }

  /** A spec asks for a name and a password, a change for a password alone. */
  private static FieldRow<Object, SeenInstance> login() {
    return FieldRow.<Object, SeenInstance>of(ADMIN_LOGIN, Object.class, "users.password")
        .vendorField(asked -> field(asked.value(ADMIN_LOGIN, Object.class).orElse("")))
        .only(
            "not named cloudsql... or pg_...",
            (asked, all) -> {
              boolean own =
                  asked instanceof AdminLogin login
                      && (login.user().startsWith("cloudsql") || login.user().startsWith("pg_"));
              return own
                  ? Optional.of("names beginning with cloudsql or pg_ are the service's own")
                  : Optional.empty();
            },
            "another name")
        .only(
            "the password in the environment or a file",
            (asked, all) ->
                password(asked)
                    .filter(secret -> secret.kind() == SecretRef.Kind.STORE)
                    .map(
                        secret ->
                            "this provider does not read passwords out of Google's Secret Manager"),
            "SecretRef.environment or SecretRef.file")
        .shown((asked, all) -> password(asked).map(SecretRef::toString).orElse(""))
        // Nobody tells a password.
        .from((there, all) -> there.hasUser().filter(has -> !has).map(has -> "no such user"))
        .build();
  }

  private static String field(Object asked) {
    if (!(asked instanceof AdminLogin login)) {
      return "users.password";
    }
    return login.user().equals(CloudSqlInstances.DEFAULT_ADMIN)
        ? "rootPassword of the user " + login.user()
        : "users.name = " + login.user() + ", users.password";
  }

  private static Optional<SecretRef> password(Object asked) {
    return asked instanceof AdminLogin login
        ? login.password()
        : Optional.of(asked).map(SecretRef.class::cast);
  }
}
