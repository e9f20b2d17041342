/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.drill;

import io.clouddb.migration.Migration;
import io.clouddb.migration.WalPolicy;
import io.clouddb.migration.route.RouteStore;
import io.clouddb.migration.state.StateStore;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How the migration of a drill is described, to the process that runs it.
 *
 * @param folder for what is kept in files
 * @param source the address of the source
 * @param target the address of the target
 * @param keeper the address of the database for state and route, and who uses it
 * @param keeperRole who uses that database
 * @param stateInDatabase whether the journal is there, not in a file
 * @param routeInDatabase whether the route is there, not in a file
 * @param reverses whether there is reverse replication
 * @param onRequest whether the cutover waits for a word, which never comes
 */
record DrillMigration(
    Path folder,
    String source,
    String target,
    String keeper,
    String keeperRole,
    boolean stateInDatabase,
    boolean routeInDatabase,
    boolean reverses,
    boolean onRequest) {
  static final String SOURCE_ROLE = "source_admin";
  static final String TARGET_ROLE = "target_admin";
  static final SecretRef PASSWORD = SecretRef.literal("secret");

  /** More log than this, and the migration gives way. */
  static final long RETAINED_WAL_LIMIT = 256L << 20;

  private static final String ID = "drill";
  private static final Duration LEASE = Duration.ofSeconds(2);
  private static final Duration WINDOW = Duration.ofDays(365_000);

  List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of(folder.toString(), source, target, keeper, keeperRole));
    for (boolean flag : new boolean[] {stateInDatabase, routeInDatabase, reverses, onRequest}) {
      arguments.add(Boolean.toString(flag));
    }
    return arguments;
  }

  static DrillMigration of(List<String> arguments) {
    return new DrillMigration(
        Path.of(arguments.get(0)),
        arguments.get(1),
        arguments.get(2),
        arguments.get(3),
        arguments.get(4),
        Boolean.parseBoolean(arguments.get(5)),
        Boolean.parseBoolean(arguments.get(6)),
        Boolean.parseBoolean(arguments.get(7)),
        Boolean.parseBoolean(arguments.get(8)));
  }

  private ConnectionDetails keeperDatabase() {
    return ConnectionDetails.ofJdbcUrl(keeper, keeperRole, PASSWORD);
  }

  StateStore state() {
    return stateInDatabase
        ? StateStore.jdbc(keeperDatabase().dataSource(), LEASE)
        : StateStore.directory(folder.resolve("state"));
  }

  RouteStore route() {
    return routeInDatabase
        ? RouteStore.jdbc(keeperDatabase().dataSource(), ID)
        : RouteStore.file(folder.resolve("route.json"));
  }

  /** The limits are far beyond what a busy machine takes, so that only faults make it fail. */
  Migration build(StateStore state, RouteStore route) {
    return Migration.builder()
        .id(ID)
        .from(ConnectionDetails.ofJdbcUrl(source, SOURCE_ROLE, PASSWORD))
        .to(ConnectionDetails.ofJdbcUrl(target, TARGET_ROLE, PASSWORD))
        .tables("public.*")
        .state(state)
        .route(route)
        .drainLimit(Duration.ofSeconds(30))
        .fenceLimit(Duration.ofSeconds(20))
        .catchUpLimit(Duration.ofSeconds(30))
        .cutoverAttempts(5)
        .retainedWal(WalPolicy.stop(RETAINED_WAL_LIMIT))
        .reverseReplication(reverses ? WINDOW : Duration.ZERO)
        .cutoverOnRequest(onRequest)
        .build();
  }
}
