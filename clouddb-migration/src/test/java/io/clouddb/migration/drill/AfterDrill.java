/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.migration.Migration;
import io.clouddb.migration.ShopWriters;
import io.clouddb.migration.TwoDatabases;
import io.clouddb.migration.route.Route;
import io.clouddb.migration.route.RouteStore;
import io.clouddb.sql.ConnectionDetails;
import java.sql.SQLException;
import java.util.Set;
import java.util.TreeSet;

/** What has to be true when a drill is over, whatever it was that hit. */
final class AfterDrill {
  /** Seven with rows, and the partitioned one. */
  private static final int FENCED_TABLES = DrillPlan.TABLES + 1;

  private static final String WRITE = "UPDATE public.customers SET balance = balance WHERE id = 1";

  private final DrillServers servers;
  private final DrillPlan plan;
  private final DrillMigration direct;
  private final Set<String> sourceBefore;
  private final Set<String> targetBefore;

  private AfterDrill(
      DrillServers servers,
      DrillPlan plan,
      DrillMigration direct,
      Set<String> sourceBefore,
      Set<String> targetBefore) {
    this.servers = servers;
    this.plan = plan;
    this.direct = direct;
    this.sourceBefore = sourceBefore;
    this.targetBefore = targetBefore;
  }

  /** Looks at both sides before anything happens. */
  static AfterDrill before(DrillServers servers, DrillPlan plan, DrillMigration direct)
      throws SQLException {
    return new AfterDrill(
        servers,
        plan,
        direct,
        Inventory.all(servers.sourceServer.superuser()),
        Inventory.beside(servers.targetServer.superuser()));
  }

  /** The writers have ended. */
  void check(ShopWriters writers) throws SQLException {
    boolean onTarget = plan.ending().onTarget();
    checkWrites(writers, onTarget ? servers.target() : servers.source());
    try (RouteStore route = direct.route()) {
      Route now = route.read();
      assertThat(now.side()).isEqualTo(onTarget ? Route.Side.TARGET : Route.Side.SOURCE);
      assertThat(now.state()).isEqualTo(Route.State.OPEN);
      Migration migration = direct.build(direct.state(), route);
      switch (plan.ending()) {
        case COMPLETED, FINISHED -> {
          requireFenced("source", servers.source(), sourceNow(), sourceBefore);
          migration.releaseSource();
        }
        case TAKEN_BACK -> {
          requireFenced("target", servers.target(), targetNow(), targetBefore);
          migration.releaseTarget();
        }
        case ABORTED -> {
          // Nothing is fenced.
        }
      }
    }
    assertThat(changes(sourceBefore, sourceNow())).as("changes on the source").isEmpty();
    assertThat(changes(targetBefore, targetNow()))
        .as("changes on the target, beside tables")
        .isEmpty();
    TwoDatabases.run(servers.source(), WRITE);
  }

  private static void checkWrites(ShopWriters writers, ConnectionDetails home) throws SQLException {
    assertThat(writers.lost(home)).as("lost writes").isEmpty();
    assertThat(writers.unknown(home)).as("unknown writes").isEmpty();
    // Each transaction of the ledger gave its customer one more, and made one order with one note.
    long customers = CrashDrill.CUSTOMERS;
    assertThat(
            TwoDatabases.ask(
                home,
                "SELECT (SELECT sum(balance) FROM customers) = "
                    + customers * (customers + 1) / 2
                    + " * 1.10 + (SELECT count(*) FROM ledger)"))
        .as("every write is there once")
        .isEqualTo("t");
    assertThat(
            TwoDatabases.ask(
                home,
                "SELECT (SELECT count(*) FROM orders) - (SELECT count(*) FROM ledger)"
                    + " || ' ' || ((SELECT count(*) FROM audit) = (SELECT count(*) FROM orders))"))
        .as("an order for each write, and a note for each order")
        .isEqualTo(2 * customers + " true");
  }

  /** The fence is all that stays, as the documentation says, and it refuses writes. */
  private static void requireFenced(
      String side, ConnectionDetails database, Set<String> now, Set<String> before) {
    Set<String> changes = changes(before, now);
    changes.removeIf(
        line ->
            line.startsWith("+ schema clouddb_migration ")
                || line.startsWith("+ function clouddb_migration.clouddb_drill_fence"));
    assertThat(changes)
        .as("what stays on the " + side + " beside schema and function of the fence")
        .allMatch(line -> line.startsWith("+ ") && line.contains(".clouddb_drill_fence"))
        .filteredOn(
            line ->
                line.startsWith("+ trigger of a migration ")
                    && line.endsWith(".clouddb_drill_fence"))
        .hasSize(FENCED_TABLES);
    assertThatThrownBy(() -> TwoDatabases.run(database, WRITE))
        .as("a write to the fenced " + side)
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("25006"));
  }

  private static Set<String> changes(Set<String> before, Set<String> now) {
    Set<String> changes = new TreeSet<>();
    before.stream().filter(line -> !now.contains(line)).forEach(line -> changes.add("- " + line));
    now.stream().filter(line -> !before.contains(line)).forEach(line -> changes.add("+ " + line));
    return changes;
  }

  private Set<String> sourceNow() throws SQLException {
    return Inventory.all(servers.sourceServer.superuser());
  }

  private Set<String> targetNow() throws SQLException {
    return Inventory.beside(servers.targetServer.superuser());
  }

  /** The policy of the migration is a limit, beyond which it would have given way. */
  void checkRetained(long most) {
    // A migration may be rolled back before it has made its slot.
    long least = plan.ending() == DrillPlan.Ending.ABORTED ? 0 : 1;
    assertThat(most).as("log kept for a slot").isBetween(least, DrillMigration.RETAINED_WAL_LIMIT);
  }
}
