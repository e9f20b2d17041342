/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.snippets;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.CloudDb;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.security.SecretRef;
import io.clouddb.testkit.simulator.CloudProfile;
import io.clouddb.testkit.simulator.SimulatedClock;
import io.clouddb.testkit.simulator.SimulatedCloud;
import io.clouddb.testkit.simulator.arm.ArmSimulator;
import io.clouddb.testkit.simulator.rds.RdsSimulator;
import io.clouddb.testkit.simulator.sqladmin.SqlAdminSimulator;
import java.sql.Connection;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A test of an application's own code, against a cloud on this machine. */
class TestkitInJUnitTest {
  private static final String SUBSCRIPTION = "00000000-0000-0000-0000-000000000001";

  private final InstanceSpec spec =
      CreateAnInstance.orders(SecretRef.literal("not-a-real-password-1"));

  @Test
  void onGoogleCloud() throws Exception {
    InstanceSpec orders = Networks.elsewhere(spec);
    // @start region="test"
    try (SimulatedClock clock = SimulatedClock.scaled(600); // ten minutes pass in a second
        SimulatedCloud google = SimulatedCloud.builder(CloudProfile.CLOUD_SQL, clock).build();
        SqlAdminSimulator api = SqlAdminSimulator.builder(google).start();
        CloudDb cloud = CloudDb.open(api.config("shop-project", "asia-northeast3").build())) {
      Instance created = cloud.instances().create(orders).await(Duration.ofMinutes(1));
      try (Connection connection = created.connection().connect()) { // a real PostgreSQL
        assertThat(connection.getCatalog()).isEqualTo("shop");
      }
      assertThat(api.server().requests("instances.insert")).hasSize(1);
    }
    // @end region="test"
  }

  @Test
  void onAzure() throws Exception {
    InstanceSpec orders = Networks.elsewhere(spec);
    try (SimulatedClock clock = SimulatedClock.scaled(600);
        SimulatedCloud azure = SimulatedCloud.builder(CloudProfile.AZURE, clock).build();
        ArmSimulator api =
            ArmSimulator.builder(azure)
                .resourceGroup(SUBSCRIPTION, "shop", "koreacentral")
                .start();
        CloudDb cloud = CloudDb.open(api.config(SUBSCRIPTION, "shop").build())) {
      Instance created = cloud.instances().create(orders).await(Duration.ofMinutes(1));
      try (Connection connection = created.connection().connect()) {
        assertThat(connection.getCatalog()).isEqualTo("shop");
      }
      assertThat(api.server().requests("Servers_Create")).hasSize(1);
    }
  }

  @Test
  void onAws() throws Exception {
    InstanceSpec orders = Networks.onAws(spec);
    try (SimulatedClock clock = SimulatedClock.scaled(600);
        RdsSimulator api = RdsSimulator.builder(clock).start();
        CloudDb cloud = CloudDb.open(api.config("ap-northeast-2").build())) {
      Instance created = cloud.instances().create(orders).await(Duration.ofMinutes(1));
      try (Connection connection = created.connection().connect()) {
        assertThat(connection.getCatalog()).isEqualTo("shop");
      }
      assertThat(api.requests("CreateDBInstance")).hasSize(1);
    }
  }
}
