/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.route.RouteStore;
import io.clouddb.migration.state.StateStore;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeveralProcessesTest {
  @TempDir Path folder;

  @Test
  @Tag("slow")
  void threeApplicationProcessesSwitchTogetherAndOneThatDiedHoldsNothingUp() throws Exception {
    Path routeFile = folder.resolve("route.json");
    try (TwoDatabases both = TwoDatabases.start(16, 16, true);
        RouteStore route = RouteStore.file(routeFile)) {
      ShopSchema.create(both.source, 100);
      List<ShopProcess> applications = new ArrayList<>();
      try {
        for (int i = 0; i < 4; i++) {
          applications.add(ShopProcess.start(routeFile, both, folder.resolve("ledger" + i)));
        }
        for (ShopProcess application : applications) {
          Eventually.until("writes", () -> application.count("source") > 5);
        }
        ShopProcess dead = applications.remove(3);
        dead.kill();

        MigrationReport report =
            Migration.builder()
                .id("shop")
                .from(both.source)
                .to(both.target)
                .state(StateStore.directory(folder.resolve("state")))
                .route(route)
                .build()
                .run();

        assertThat(report.failure()).isEmpty();
        for (ShopProcess application : applications) {
          Eventually.until("writes on the target", () -> application.count("target") > 5);
          application.stop();
          assertThat(application.count("error")).isZero();
          assertThat(ledger(both))
              .containsAll(application.lines().stream().map(line -> line.split(" ")[1]).toList());
          // Nobody went back: all writes of the source come before all of the target.
          List<String> sides = application.lines().stream().map(l -> l.split(" ")[0]).toList();
          assertThat(sides.lastIndexOf("source")).isLessThan(sides.indexOf("target"));
        }
        assertThat(route.members()).isEmpty();
      } finally {
        applications.forEach(ShopProcess::close);
      }
    }
  }

  private static Set<String> ledger(TwoDatabases both) throws SQLException {
    return Set.of(
        TwoDatabases.ask(both.target, "SELECT string_agg(id::text, ',') FROM ledger").split(","));
  }
}
