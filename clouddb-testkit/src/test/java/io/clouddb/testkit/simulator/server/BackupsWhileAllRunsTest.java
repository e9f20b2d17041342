/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.server;

import static io.clouddb.testkit.simulator.server.Databases.PASSWORD;
import static io.clouddb.testkit.simulator.server.Databases.admin;
import static io.clouddb.testkit.simulator.server.Databases.ask;
import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.testkit.postgres.EmbeddedPostgres;
import io.clouddb.testkit.simulator.engine.CloudEngine;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import io.clouddb.testkit.simulator.engine.ScaledClock;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import io.clouddb.testkit.simulator.engine.SimulatedOperation;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Backups beside restores, deletions and the end of all, by a clock that nobody moves. */
class BackupsWhileAllRunsTest {
  private static final String SCOPE = "account/region";
  private static final ResourceKey ORDERS = new ResourceKey(SCOPE, "orders");
  private static final ResourceKey BACKUP = new ResourceKey(SCOPE, "before-release");

  private final ScaledClock clock = SimulatedClock.scaled(20_000);
  private final ManagedServers cloud =
      ManagedServers.builder(CloudProfile.RDS, new CloudEngine(clock)).build();
  private final Backups backups = cloud.backups();

  private static SimulatedOperation done(SimulatedOperation operation) throws Exception {
    operation.completion().get(60, TimeUnit.SECONDS);
    assertThat(operation.failure()).isEmpty();
    return operation;
  }

  private SimulatedInstance instance() throws Exception {
    done(cloud.lifeCycle().create(InstanceRequest.of(ORDERS, 16, "app", PASSWORD).build()));
    backups.schedule(
        ORDERS,
        BackupSchedule.daily(LocalTime.of(3, 0))
            .keep(Duration.ofDays(35))
            .pointInTime(Duration.ofDays(35))
            .atOnce()
            .build());
    return cloud.get(ORDERS);
  }

  @Test
  void leavesNothingWhenAllIsDeletedRestoredAndClosedAtOnce() throws Exception {
    List<Path> directories = new ArrayList<>();
    List<EmbeddedPostgres> servers = new ArrayList<>();
    try (clock;
        cloud) {
      SimulatedInstance orders = instance();
      servers.add(orders.server().orElseThrow());
      SimulatedBackup backup;
      try (var connection = admin(orders, "postgres").connect();
          var statement = connection.createStatement()) {
        statement.execute("CREATE TABLE t AS SELECT 1 AS a");
        SimulatedOperation taking = backups.take(BackupRequest.of(BACKUP, ORDERS).build());
        backup = backups.get(BACKUP);
        statement.execute("INSERT INTO t VALUES (2)");
        // Who restores the moment that a backup names finds all that it has.
        Instant named = clock.realTimeOf(backup.taken());
        assertThat(backup.data().orElseThrow().moment()).isBeforeOrEqualTo(named);
        done(taking);
      }
      List<SimulatedOperation> restores = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        ResourceKey key = new ResourceKey(SCOPE, "restored-" + i);
        restores.add(backups.restore(RestoreRequest.of(key, backup).build()));
      }
      SimulatedOperation deletion = cloud.lifeCycle().delete(ORDERS);
      done(backups.delete(backup));
      done(deletion);
      done(restores.get(0));
      SimulatedInstance restored = cloud.get(new ResourceKey(SCOPE, "restored-0"));
      assertThat(ask(admin(restored, "postgres"), "SELECT string_agg(a::text, ',') FROM t"))
          .isEqualTo("1");
      cloud.close();
      cloud.list(SCOPE).forEach(each -> each.server().ifPresent(servers::add));
    }
    servers.forEach(server -> directories.add(server.directory()));
    assertThat(directories).allSatisfy(directory -> assertThat(directory).doesNotExist());
    assertThat(servers).noneMatch(EmbeddedPostgres::isRunning);
  }
}
