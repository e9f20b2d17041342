/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.server;

import static io.clouddb.testkit.simulator.server.Databases.PASSWORD;
import static io.clouddb.testkit.simulator.server.Databases.admin;
import static io.clouddb.testkit.simulator.server.Databases.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.sql.ConnectionDetails;
import io.clouddb.testkit.simulator.engine.CloudEngine;
import io.clouddb.testkit.simulator.engine.ManualClock;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who has the admin's password of a simulated instance, which tests write into their source. */
class AdminProgramTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"RDS,15", "AZURE,14", "CLOUD_SQL,15", "RDS,16"})
  void anAdminRunsNoProgramOnThisMachine(CloudProfile profile, int version) throws Exception {
    ResourceKey key = new ResourceKey("scope", "orders");
    try (ManualClock clock = SimulatedClock.manual(Instant.EPOCH);
        ManagedServers cloud =
            ManagedServers.builder(profile, new CloudEngine(clock)).timings(Timings.NONE).build()) {
      cloud.lifeCycle().create(InstanceRequest.of(key, version, "app_admin", PASSWORD).build());
      clock.advanceUntilIdle();
      ConnectionDetails postgres = admin(cloud.get(key), "postgres");
      Path ran = folder.resolve("ran");
      try {
        run(postgres, "GRANT pg_execute_server_program TO app_admin");
        run(postgres, "COPY (SELECT 1) TO PROGRAM 'id > " + ran + "'");
      } catch (SQLException e) {
        assertThat(e.getMessage()).containsAnyOf("permission denied", "must be superuser");
      }
      assertThat(Files.exists(ran) ? Files.readString(ran) : "nothing").isEqualTo("nothing");
    }
  }
}
