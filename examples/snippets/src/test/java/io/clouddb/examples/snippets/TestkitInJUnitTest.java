/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.snippets;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.CloudDb;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.security.SecretRef;
import io.clouddb.testkit.simulator.arm.SimulatedAzure;
import io.clouddb.testkit.simulator.aws.SimulatedAws;
import io.clouddb.testkit.simulator.google.SimulatedGoogle;
import java.sql.Connection;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A test of an application's own code, against a cloud on this machine. */
class TestkitInJUnitTest {
  private final InstanceSpec spec =
      CreateAnInstance.orders(SecretRef.literal("not-a-real-password-1"));

  @Test
  void onGoogleCloud() throws Exception {
    InstanceSpec orders = Networks.elsewhere(spec);
    // @start region="test"
    try (SimulatedGoogle google = SimulatedGoogle.start(); // ten minutes pass in a second
        CloudDb cloud = CloudDb.open(google.config().build())) {
      Instance created = cloud.instances().create(orders).await(Duration.ofMinutes(1));
      try (Connection connection = created.connection().connect()) { // a real PostgreSQL
        assertThat(connection.getCatalog()).isEqualTo("shop");
      }
      assertThat(google.requests("instances.insert")).hasSize(1);
    }
    // @end region="test"
  }

  @Test
  void onAzure() throws Exception {
    InstanceSpec orders = Networks.elsewhere(spec);
    try (SimulatedAzure azure = SimulatedAzure.start();
        CloudDb cloud = CloudDb.open(azure.config().build())) {
      Instance created = cloud.instances().create(orders).await(Duration.ofMinutes(1));
      try (Connection connection = created.connection().connect()) {
        assertThat(connection.getCatalog()).isEqualTo("shop");
      }
      assertThat(azure.requests("Servers_Create")).hasSize(1);
    }
  }

  @Test
  void onAws() throws Exception {
    InstanceSpec orders = Networks.onAws(spec);
    try (SimulatedAws aws = SimulatedAws.start();
        CloudDb cloud = CloudDb.open(aws.config("ap-northeast-2").build())) {
      Instance created = cloud.instances().create(orders).await(Duration.ofMinutes(1));
      try (Connection connection = created.connection().connect()) {
        assertThat(connection.getCatalog()).isEqualTo("shop");
      }
      assertThat(aws.requests("CreateDBInstance")).hasSize(1);
    }
  }
}
