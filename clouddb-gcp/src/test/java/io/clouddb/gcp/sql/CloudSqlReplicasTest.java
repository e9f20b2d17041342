/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static io.clouddb.gcp.sql.SimulatedCloudSql.LIMIT;
import static io.clouddb.gcp.sql.SimulatedCloudSql.REGION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.services.sqladmin.model.BackupConfiguration;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import io.clouddb.CloudDb;
import io.clouddb.DataSize;
import io.clouddb.Native;
import io.clouddb.ResourceId;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.error.NotFoundException;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.instance.Availability;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Network;
import io.clouddb.instance.Storage;
import io.clouddb.replica.Replica;
import io.clouddb.replica.ReplicaSpec;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.LocalTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How replicas are made, found, and kept from harm. */
@Tag("slow")
class CloudSqlReplicasTest {
  private static final String FAR = "europe-west1";

  @TempDir private Path folder;

  private final SimulatedCloudSql gcp = SimulatedCloudSql.start();
  private final CloudDb home = gcp.open();
  private final CloudDb far = home.in(FAR);
  private InstanceSpec.Builder spec;
  private Instance orders;

  @BeforeEach
  void source() throws Exception {
    spec =
        SimulatedCloudSql.spec("orders", folder)
            .database("shop")
            .parameter("max_connections", "300")
            .logicalReplication(true)
            .backups(BackupPolicy.daily(LocalTime.of(3, 0)).retainDays(7));
    orders = home.instances().create(spec.build()).await(LIMIT);
  }

  @AfterEach
  void close() {
    try (gcp;
        home) {
      assertThat(gcp.simulator.notSimulated()).isEmpty();
      assertThat(gcp.simulator.bugs()).isEmpty();
    }
  }

  @Test
  void oneInItsRegionIsAsItsSource() throws Exception {
    Instance reader = home.replicas().create(orders.id(), ReplicaSpec.named("reader")).await(LIMIT);
    assertThat(reader.nativeSize()).isEqualTo(orders.nativeSize());
    assertThat(reader.tls()).isEqualTo(orders.tls());
    DatabaseInstance there = reader.unwrap(DatabaseInstance.class);
    assertThat(there.getSettings().getIpConfiguration().getAuthorizedNetworks()).hasSize(1);
    assertThat(there.getSettings().getDatabaseFlags())
        .extracting(flag -> flag.getName() + "=" + flag.getValue())
        .containsExactlyInAnyOrder("max_connections=300", "cloudsql.logical_decoding=on");
    try (Connection connection = reader.connection(spec.build().admin()).connect()) {
      assertThat(connection.getCatalog()).isEqualTo("shop");
    }
    Replica found = home.replicas().get(reader.id());
    assertThat(found.state()).isEqualTo(Replica.State.REPLICATING);
    assertThat(found.source()).contains(orders.id());
    assertThat(home.replicas().find("orders")).isEmpty();
    assertThat(far.replicas().find("reader")).isEmpty();
    assertThat(home.replicas().lag(reader.id(), spec.build().admin()).toString()).isNotEmpty();
  }

  @Test
  void oneInAnotherRegionHasWhatItAsksFor() {
    ReplicaSpec asked =
        ReplicaSpec.named("orders-dr")
            .size(InstanceSize.named("db-custom-4-16384"))
            .availability(Availability.REGIONAL)
            .network(Network.publicAccess("198.51.100.0/24"))
            .deletionProtection(true)
            .tag("team", "one");
    Instance replica = far.replicas().create(orders.id(), asked).await(LIMIT);
    assertThat(replica.id().location()).isEqualTo(FAR);
    assertThat(replica.nativeSize()).contains("db-custom-4-16384");
    assertThat(replica.availability()).contains(Availability.REGIONAL);
    assertThat(replica.deletionProtection()).isTrue();
    assertThat(replica.tags()).containsEntry("team", "one");
    DatabaseInstance there = replica.unwrap(DatabaseInstance.class);
    assertThat(there.getSettings().getIpConfiguration().getAuthorizedNetworks())
        .extracting("value")
        .containsExactly("198.51.100.0/24");
    assertThat(there.getMasterInstanceName()).endsWith(":orders");
    Instance reader = home.replicas().create(orders.id(), ReplicaSpec.named("reader")).await(LIMIT);
    assertThat(home.replicas().list(orders.id())).containsExactly(replica.id(), reader.id());
    Instance below = far.replicas().create(replica.id(), ReplicaSpec.named("below")).await(LIMIT);
    assertThat(far.replicas().get(below.id()).source()).contains(replica.id());

    // A replica has a standby without backups, and other settings of its own.
    far.instances()
        .modify(
            below.id(),
            InstanceChange.builder().availability(Availability.REGIONAL).tag("a", "b").build())
        .await(LIMIT);
    assertThat(far.instances().get("below").availability()).contains(Availability.REGIONAL);
  }

  @Test
  void anEncryptedSourceNeedsAKeyOfTheOtherRegion() throws Exception {
    String ring = "projects/shop-project/locations/%s/keyRings/r/cryptoKeys/k";
    String key = String.format(ring, REGION);
    String other = String.format(ring, FAR);
    Instance secret =
        home.instances()
            .create(
                SimulatedCloudSql.spec("secret", folder)
                    .storage(Storage.ssd(DataSize.gib(20)).encryptedWith(key))
                    .backups(BackupPolicy.daily(LocalTime.of(3, 0)).retainDays(7))
                    .build())
            .await(LIMIT);
    assertThatThrownBy(() -> far.replicas().create(secret.id(), ReplicaSpec.named("secret-dr")))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("say by encryptionKey which one of " + FAR);
    ReplicaSpec withTheSources = ReplicaSpec.named("secret-dr").encryptionKey(key);
    assertThatThrownBy(() -> far.replicas().create(secret.id(), withTheSources))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("the key is in " + REGION);
    ReplicaSpec good = ReplicaSpec.named("secret-dr").encryptionKey(other);
    assertThatThrownBy(() -> far.replicas().create(orders.id(), good))
        .hasMessageContaining("orders has no key of its own");
    Instance replica = far.replicas().create(secret.id(), good).await(LIMIT);
    assertThat(
            replica.unwrap(DatabaseInstance.class).getDiskEncryptionConfiguration().getKmsKeyName())
        .isEqualTo(other);
    home.replicas().create(secret.id(), ReplicaSpec.named("near").encryptionKey(key)).await(LIMIT);
  }

  @Test
  void whatIsWrongIsSaidBeforeAnythingHappens() throws Exception {
    Instance plain =
        home.instances().create(SimulatedCloudSql.spec("plain", folder).build()).await(LIMIT);
    home.instances().stop(plain.id()).await(LIMIT);
    ReplicaSpec elsewhere =
        ReplicaSpec.named("reader")
            .network(Network.privateNetwork("projects/p/global/networks/default"));
    int before = gcp.simulator.requests("instances.insert").size();
    assertThatThrownBy(() -> home.replicas().create(plain.id(), elsewhere))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContainingAll("does not run", "no automated backups", "private network");
    assertThatThrownBy(() -> home.replicas().create(orders.id(), ReplicaSpec.named("plain")))
        .isInstanceOf(AlreadyExistsException.class);
    assertThatThrownBy(
            () -> home.replicas().create(Stepwise.id("nobody"), ReplicaSpec.named("reader")))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("no instance nobody in " + REGION);
    ResourceId foreign = ResourceId.of("gcp", "other", REGION, "instance", "orders");
    assertThatThrownBy(() -> home.replicas().create(foreign, ReplicaSpec.named("reader")))
        .isInstanceOf(InvalidArgumentException.class);
    assertThat(gcp.simulator.requests("instances.insert")).hasSize(before);
  }

  @Test
  void whatHasReplicasIsNotDeletedAndAReplicaNotStopped() {
    Instance replica =
        far.replicas().create(orders.id(), ReplicaSpec.named("orders-dr")).await(LIMIT);
    assertThatThrownBy(() -> home.instances().delete(orders.id()))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining(
            "has replicas: clouddb:gcp:shop-project:europe-west1:instance:orders-dr");
    assertThat(gcp.simulator.requests("instances.delete")).isEmpty();
    assertThatThrownBy(() -> far.instances().stop(replica.id()))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("start-stop-restart-instance");
    InstanceChange backups =
        InstanceChange.builder()
            .backups(BackupPolicy.daily(LocalTime.of(3, 0)).retainDays(7))
            .build();
    assertThatThrownBy(() -> far.instances().modify(replica.id(), backups))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("a replica has no backups");
    assertThatThrownBy(
            () ->
                far.instances()
                    .modify(
                        replica.id(),
                        InstanceChange.builder().tag("a", "b").build(),
                        Native.customize(
                            DatabaseInstance.class,
                            body ->
                                body.getSettings()
                                    .setBackupConfiguration(
                                        new BackupConfiguration().setEnabled(true)))))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("a replica has no backups");
    assertThat(gcp.simulator.requests("instances.patch")).isEmpty();
    InstanceChange none = InstanceChange.builder().backups(BackupPolicy.none()).build();
    assertThatThrownBy(() -> home.instances().modify(orders.id(), none))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("what has replicas needs automated backups");
    assertThat(gcp.simulator.requests("instances.patch")).isEmpty();
    far.instances().delete(replica.id()).await(LIMIT);
    home.instances().delete(orders.id()).await(LIMIT);
  }
}
