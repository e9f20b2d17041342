/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.instance.InstanceField.ADMIN_LOGIN;
import static io.clouddb.instance.InstanceField.ADMIN_MANAGED_PASSWORD;
import static io.clouddb.instance.InstanceField.DELETION_PROTECTION;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.ServerForUpdate;
import io.clouddb.instance.AdminLogin;
import io.clouddb.spi.mapping.FieldRow;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The administrator, and what keeps the server from harm. */
final class AccessFields {
  private static final Set<String> RESERVED_USERS =
      Set.of(
          "azure_superuser", "azure_pg_admin", "admin", "administrator", "root", "guest", "public");

  private AccessFields() {}

  static List<FieldRow<?, ServerAsItIs>> rows() {
    return List.of(
        login(),
        FieldRow.<AdminLogin, ServerAsItIs>of(ADMIN_MANAGED_PASSWORD, AdminLogin.class, "")
            .lacking(
                "Azure makes no password of a flexible server", "AdminLogin.of(user, SecretRef)"),
        FieldRow.<Boolean, ServerAsItIs>of(DELETION_PROTECTION, Boolean.class, "nothing")
            .shown((on, asked) -> "none, as there is no such setting")
            .without(false)
            .lacking(
                "flexible servers have no such setting",
                "a management lock (CanNotDelete) on the server, made by whoever owns the resource"
                    + " group"));
  }

  /** A spec has a login, and a change a password only. */
  private static FieldRow<Object, ServerAsItIs> login() {
    return FieldRow.<Object, ServerAsItIs>of(
            ADMIN_LOGIN, Object.class, "properties.administratorLoginPassword")
        .vendorField(
            asked ->
                asked
                        .value(ADMIN_LOGIN, Object.class)
                        .filter(AdminLogin.class::isInstance)
                        .isEmpty()
                    ? "properties.administratorLoginPassword"
                    : "properties.administratorLogin, administratorLoginPassword")
        .only(
            "No login of Azure's own",
            (value, asked) ->
                user(value)
                    .filter(user -> RESERVED_USERS.contains(user) || user.startsWith("pg_"))
                    .map(user -> "Azure refuses the login " + user),
            "another name")
        .shown((value, asked) -> user(value).map(user -> user + ", (secret)").orElse("(secret)"))
        .to(
            ServerInner.class,
            (server, value, asked) ->
                server
                    .withAdministratorLogin(user(value).orElseThrow())
                    .withAdministratorLoginPassword(ServerFacts.of(asked).password()))
        .to(
            ServerForUpdate.class,
            (update, value, asked) ->
                update.withAdministratorLoginPassword(ServerFacts.of(asked).password()))
        // No look at the server shows the password, so a login that is the same tells nothing.
        .from(
            (there, asked) ->
                Optional.ofNullable(there.server().administratorLogin())
                    .filter(
                        login ->
                            asked
                                .value(ADMIN_LOGIN, Object.class)
                                .flatMap(AccessFields::user)
                                .filter(login::equals)
                                .isEmpty()))
        .build();
  }

  private static Optional<String> user(Object value) {
    return value instanceof AdminLogin login ? Optional.of(login.user()) : Optional.empty();
  }
}
