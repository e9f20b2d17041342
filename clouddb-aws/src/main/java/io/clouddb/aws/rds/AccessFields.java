/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import static io.clouddb.aws.rds.RdsFields.CREATE;
import static io.clouddb.instance.InstanceField.ADMIN_LOGIN;
import static io.clouddb.instance.InstanceField.ADMIN_MANAGED_PASSWORD;

import io.clouddb.instance.AdminLogin;
import io.clouddb.spi.mapping.Asked;
import io.clouddb.spi.mapping.FieldRow;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.rds.model.DBInstance;

/** Who administers an instance. The password itself goes into a request where it is sent. */
final class AccessFields {
  private static final String USER = "MasterUsername";
  private static final String PASSWORD = "MasterUserPassword";
  private static final String CONDITION =
      "The name begins with a letter and is not reserved, as admin is";
  private static final String INSTEAD = "app_admin, for example";

  /** Names that RDS refuses for the master user of PostgreSQL. */
  private static final Set<String> RESERVED_USERS = Set.of("admin", "rdsadmin", "public", "none");

  private AccessFields() {}

  static List<FieldRow<?, InstanceAsItIs>> rows() {
    return List.of(login(), managed());
  }

  private static Optional<String> whyNot(String user) {
    return !Character.isLetter(user.charAt(0))
            || RESERVED_USERS.contains(user)
            || user.startsWith("pg_")
            || user.startsWith("rds_")
        ? Optional.of("RDS refuses '" + user + "' as the master user's name")
        : Optional.empty();
  }

  /** A spec has a login, and a change a password only. */
  private static FieldRow<Object, InstanceAsItIs> login() {
    return FieldRow.<Object, InstanceAsItIs>of(ADMIN_LOGIN, Object.class, USER)
        .vendorField(asked -> user(asked).isEmpty() || onlyPasswordIsOpen(asked) ? PASSWORD : USER)
        .only(
            CONDITION,
            (value, asked) ->
                value instanceof AdminLogin login ? whyNot(login.user()) : Optional.empty(),
            INSTEAD)
        .shown(
            (value, asked) ->
                value instanceof AdminLogin login
                    ? onlyPasswordIsOpen(asked) ? "the one of the spec" : login.user()
                    : value)
        .to(CREATE, (request, value, asked) -> request.masterUsername(((AdminLogin) value).user()))
        // No look shows a password, so a name that is the same tells nothing of it.
        .from(
            (there, asked) ->
                onlyPasswordIsOpen(asked)
                    ? Optional.empty()
                    : Optional.ofNullable(there.instance().masterUsername())
                        .map(user -> text(user, there.instance())))
        .build();
  }

  private static Optional<String> user(Asked asked) {
    return asked
        .value(ADMIN_LOGIN, Object.class)
        .filter(AdminLogin.class::isInstance)
        .map(login -> ((AdminLogin) login).user());
  }

  /** Whether a look has shown that everything but the password is as it is asked for. */
  private static boolean onlyPasswordIsOpen(Asked asked) {
    return RdsFacts.seen(asked)
        .filter(instance -> !isManaged(instance))
        .map(DBInstance::masterUsername)
        .filter(name -> user(asked).filter(name::equals).isPresent())
        .isPresent();
  }

  private static FieldRow<AdminLogin, InstanceAsItIs> managed() {
    return FieldRow.<AdminLogin, InstanceAsItIs>of(
            ADMIN_MANAGED_PASSWORD, AdminLogin.class, "ManageMasterUserPassword")
        .only(CONDITION, (admin, asked) -> whyNot(admin.user()), INSTEAD)
        .shown((admin, asked) -> "true, for " + admin.user())
        .to(
            CREATE,
            (request, admin, asked) ->
                request.manageMasterUserPassword(true).masterUsername(admin.user()))
        .from(
            (there, asked) ->
                Optional.ofNullable(there.instance().masterUsername())
                    .map(user -> isManaged(there.instance()) + ", for " + user))
        .build();
  }

  private static String text(String user, DBInstance instance) {
    return isManaged(instance) ? user + ", with a password that RDS makes" : user;
  }

  static boolean isManaged(DBInstance instance) {
    return instance.masterUserSecret() != null;
  }
}
