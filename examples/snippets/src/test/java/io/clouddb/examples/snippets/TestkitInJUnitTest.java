/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.snippets;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.instance.Instance;
import io.clouddb.testkit.simulator.CloudProfile;
import io.clouddb.testkit.simulator.SimulatedClock;
import io.clouddb.testkit.simulator.SimulatedCloud;
import io.clouddb.testkit.simulator.sqladmin.SqlAdminSimulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A test of an application's own code, against a cloud on this machine. */
class TestkitInJUnitTest {
  @Test
  void theOrdersDatabaseIsCreated(@TempDir Path folder) throws Exception {
    Path password = Files.writeString(folder.resolve("password"), "not-a-real-one-1");
    try (SimulatedClock clock = SimulatedClock.scaled(600); // ten minutes pass in a second
        SimulatedCloud google = SimulatedCloud.builder(CloudProfile.CLOUD_SQL, clock).build();
        SqlAdminSimulator api = SqlAdminSimulator.builder(google).start();
        CloudDb cloud =
            CloudDb.open(
                CloudConfig.builder("gcp", "asia-northeast3")
                    .property("project", "shop-project")
                    .endpoint(api.endpoint())
                    .pollInterval(Duration.ofMillis(50))
                    .build())) {
      Instance orders =
          cloud.instances().create(CreateAnInstance.orders(password)).await(Duration.ofMinutes(1));

      try (Connection connection = orders.connection().connect()) {
        assertThat(connection.getCatalog()).isEqualTo("shop");
      }
      assertThat(api.server().requests("instances.insert")).hasSize(1);
    }
  }
}
