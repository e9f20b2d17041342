/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.services.sqladmin.model.AclEntry;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.IpConfiguration;
import com.google.api.services.sqladmin.model.IpMapping;
import com.google.api.services.sqladmin.model.ReplicationCluster;
import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.DataSize;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Availability;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceState;
import io.clouddb.instance.TlsMode;
import io.clouddb.replica.Replica;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of Google's answers about instances and replicas. */
class InstanceReaderTest {
  private static final InstanceReader READER = new InstanceReader("shop-project", "us-central1");

  private static DatabaseInstance found() {
    return new DatabaseInstance()
        .setName("orders")
        .setDatabaseVersion("POSTGRES_16")
        .setState("RUNNABLE");
  }

  @Test
  void anInstanceIsReadFieldByField() {
    Instance read =
        READER.read(
            found()
                .setDatabaseInstalledVersion("POSTGRES_16_9")
                .setSelfLink("https://sqladmin.googleapis.com/orders")
                .setSettings(
                    new Settings()
                        .setTier("db-custom-2-8192")
                        .setDataDiskSizeGb(20L)
                        .setAvailabilityType("REGIONAL")
                        .setDeletionProtectionEnabled(true)
                        .setIpConfiguration(new IpConfiguration().setSslMode("ENCRYPTED_ONLY"))
                        .setUserLabels(
                            Map.of(
                                "team", "shop",
                                "clouddb-admin", "app_admin",
                                "clouddb-database", "-shop"))));
    assertThat(read.id()).isEqualTo(READER.id("orders"));
    assertThat(read.id().toString())
        .startsWith("clouddb:gcp:shop-project:us-central1:instance:orders");
    assertThat(read.id().nativeId()).contains("https://sqladmin.googleapis.com/orders");
    assertThat(read.engine()).isEqualTo(Engine.POSTGRESQL);
    assertThat(read.engineVersion()).isEqualTo("16.9");
    assertThat(read.state()).isEqualTo(InstanceState.AVAILABLE);
    assertThat(read.nativeState()).isEqualTo("RUNNABLE");
    assertThat(read.nativeSize()).contains("db-custom-2-8192");
    assertThat(read.storageSize()).contains(DataSize.gib(20));
    assertThat(read.availability()).contains(Availability.REGIONAL);
    assertThat(read.tls()).contains(TlsMode.REQUIRED);
    assertThat(read.deletionProtection()).isTrue();
    assertThat(read.tags()).containsEntry("team", "shop");
    assertThat(read.admin().map(AdminLogin::user)).contains("app_admin");
    assertThat(read.database()).contains("Shop");
  }

  @Test
  void whatIsNotToldIsLeftOut() {
    Instance read = READER.read(found().setSettings(new Settings()));
    assertThat(read.engineVersion()).isEqualTo("16");
    assertThat(read.id().nativeId()).isEmpty();
    assertThat(read.host()).isEmpty();
    assertThat(read.storageSize()).isEmpty();
    assertThat(read.availability()).isEmpty();
    assertThat(read.tls()).isEmpty();
    assertThat(read.deletionProtection()).isFalse();
    assertThat(read.admin()).isEmpty();
    assertThat(read.database()).isEmpty();
    assertThat(READER.read(found()).tags()).as("no settings at all").isEmpty();
    assertThat(
            READER
                .read(found().setSettings(new Settings().setAvailabilityType("ZONAL")))
                .availability())
        .contains(Availability.ZONAL);
  }

  @ParameterizedTest
  @CsvSource({
    "RUNNABLE, ALWAYS, AVAILABLE, REPLICATING",
    "RUNNABLE, NEVER, STOPPED, BROKEN",
    "PENDING_CREATE, ALWAYS, CREATING, STARTING",
    "PENDING_DELETE, ALWAYS, DELETING, UNKNOWN",
    "MAINTENANCE, ALWAYS, MODIFYING, UNKNOWN",
    "ONLINE_MAINTENANCE, ALWAYS, MODIFYING, UNKNOWN",
    "REPAIRING, ALWAYS, MODIFYING, UNKNOWN",
    "FAILED, ALWAYS, FAILED, BROKEN",
    "SUSPENDED, ALWAYS, FAILED, BROKEN",
    "HIBERNATING, ALWAYS, OTHER, UNKNOWN",
    ", ALWAYS, OTHER, UNKNOWN"
  })
  void eachStateOfGooglesIsOneOfOurs(
      String state, String policy, InstanceState ours, Replica.State replica) {
    DatabaseInstance found =
        found().setState(state).setSettings(new Settings().setActivationPolicy(policy));
    assertThat(InstanceReader.state(found)).isEqualTo(ours);
    assertThat(Replication.state(found)).isEqualTo(replica);
    assertThat(Replication.nativeState(found)).isEqualTo(String.valueOf(state));
  }

  @Test
  void aReplicaWhoseReplicationIsDisabledIsBroken() {
    DatabaseInstance found = found();
    assertThat(Replication.state(found)).isEqualTo(Replica.State.REPLICATING);
    found.setSettings(new Settings().setDatabaseReplicationEnabled(true));
    assertThat(Replication.state(found)).isEqualTo(Replica.State.REPLICATING);
    found.getSettings().setDatabaseReplicationEnabled(false);
    assertThat(Replication.state(found)).isEqualTo(Replica.State.BROKEN);
    assertThat(Replication.nativeState(found)).isEqualTo("RUNNABLE, replication disabled");
  }

  @Test
  void whoFollowsWhomIsToldWithOrWithoutTheProject() {
    DatabaseInstance replica = found().setInstanceType("READ_REPLICA_INSTANCE");
    assertThat(Replication.isReplica(replica)).as("of nobody").isFalse();
    replica.setMasterInstanceName("");
    assertThat(Replication.isReplica(replica)).as("of nobody").isFalse();
    replica.setMasterInstanceName("shop-project:orders");
    assertThat(Replication.isReplica(replica)).isTrue();
    assertThat(Replication.source(replica)).contains("orders");
    assertThat(Replication.source(replica.setMasterInstanceName("orders"))).contains("orders");
    assertThat(Replication.isReplica(replica.setInstanceType("READ_POOL_INSTANCE")))
        .as("a read pool is not promoted")
        .isFalse();
    assertThat(Replication.replicas(found())).isEmpty();
    assertThat(Replication.replicas(found().setReplicaNames(List.of("shop-project:b", "a"))))
        .containsExactly("a", "b");
  }

  @Test
  void aDesignationIsToldAtBothEnds() {
    assertThat(Replication.isDesignated(found())).isFalse();
    assertThat(Replication.designated(found())).isEmpty();
    DatabaseInstance bare = found().setReplicationCluster(new ReplicationCluster());
    assertThat(Replication.isDesignated(bare)).isFalse();
    assertThat(Replication.designated(bare)).isEmpty();
    bare.getReplicationCluster().setDrReplica(true);
    assertThat(Replication.isDesignated(bare)).isTrue();
    bare.getReplicationCluster().setFailoverDrReplicaName("");
    assertThat(Replication.designated(bare)).isEmpty();
    bare.getReplicationCluster().setFailoverDrReplicaName("shop-project:orders-dr");
    assertThat(Replication.designated(bare)).contains("orders-dr");
    assertThat(Replication.isPlus(found())).isFalse();
    assertThat(Replication.isPlus(found().setSettings(new Settings().setEdition("ENTERPRISE"))))
        .isFalse();
    assertThat(
            Replication.isPlus(found().setSettings(new Settings().setEdition("ENTERPRISE_PLUS"))))
        .isTrue();
  }

  private static IpMapping address(String type, String host) {
    return new IpMapping().setType(type).setIpAddress(host);
  }

  /** The public address where somebody may come in by it, else the private one. */
  @ParameterizedTest
  @CsvSource({
    "true, PRIMARY, PRIVATE, 203.0.113.7",
    "false, PRIMARY, PRIVATE, 10.0.0.7",
    "true, OUTGOING, PRIVATE, 10.0.0.7",
    "false, PRIMARY, OUTGOING, 203.0.113.7",
    "true, OUTGOING, OUTGOING, "
  })
  void itIsReachedWhereSomebodyIsLetIn(boolean open, String first, String second, String host) {
    DatabaseInstance found =
        found()
            .setIpAddresses(List.of(address(first, "203.0.113.7"), address(second, "10.0.0.7")))
            .setSettings(
                new Settings()
                    .setIpConfiguration(
                        new IpConfiguration()
                            .setAuthorizedNetworks(
                                open ? List.of(new AclEntry().setValue("0.0.0.0/0")) : List.of())));
    Instance read = READER.read(found);
    assertThat(read.host()).isEqualTo(Optional.ofNullable(host));
    if (host != null) {
      assertThat(read.port()).isEqualTo(5432);
    }
  }
}
