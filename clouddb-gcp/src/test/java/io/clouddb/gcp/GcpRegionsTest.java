/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.services.sqladmin.SQLAdmin;
import io.clouddb.CloudDb;
import io.clouddb.DataSize;
import io.clouddb.error.NotFoundException;
import io.clouddb.error.UnavailableException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Network;
import io.clouddb.instance.Storage;
import io.clouddb.security.SecretRef;
import io.clouddb.testkit.simulator.google.SimulatedGoogle;
import io.clouddb.testkit.simulator.server.Timings;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** One project in several regions, out of one client. */
class GcpRegionsTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private static InstanceSpec spec(String name) {
    return InstanceSpec.builder(name, Engine.POSTGRESQL, "16")
        .size(InstanceSize.atLeast(2, DataSize.gib(8)))
        .storage(Storage.ssd(DataSize.gib(20)))
        .network(Network.publicAccess("203.0.113.0/24"))
        .admin(AdminLogin.of("app_admin", SecretRef.literal("only-for-tests")))
        .build();
  }

  @Test
  void anotherRegionHasItsOwnInstancesAndTheSameClient() {
    try (SimulatedGoogle google = SimulatedGoogle.builder().timings(Timings.NONE).start();
        CloudDb here = CloudDb.open(google.config("us-central1").build())) {
      CloudDb there = here.in("europe-west1");
      assertThat(there.unwrap(SQLAdmin.class)).isSameAs(here.unwrap(SQLAdmin.class));
      Instance first = here.instances().create(spec("first")).await(LIMIT);
      Instance second = there.instances().create(spec("second")).await(LIMIT);
      assertThat(first.id().location()).isEqualTo("us-central1");
      assertThat(second.id().location()).isEqualTo("europe-west1");
      assertThat(here.instances().list()).extracting(Instance::name).containsExactly("first");
      assertThat(there.instances().list()).extracting(Instance::name).containsExactly("second");

      assertThatThrownBy(() -> there.instances().get("first"))
          .isInstanceOf(NotFoundException.class)
          .hasMessageContainingAll("clouddb:gcp:europe-west1", "it is in us-central1");
      InstanceSpec same = spec("first");
      assertThatThrownBy(() -> there.instances().create(same))
          .hasMessageContaining("in the region us-central1");
      assertThatThrownBy(() -> there.instances().delete(first.id()).await(LIMIT))
          .isInstanceOf(io.clouddb.error.InvalidArgumentException.class);

      there.close();
      assertThat(there.instances().find("second")).as("closed with the first").isPresent();
      there.instances().delete(second.id()).await(LIMIT);
      here.close();
      assertThatThrownBy(() -> there.instances().find("second"))
          .isInstanceOf(UnavailableException.class);
    }
  }
}
