/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static io.clouddb.gcp.sql.ReplicaCloud.FAR;
import static io.clouddb.gcp.sql.ReplicaCloud.HOME;
import static io.clouddb.gcp.sql.ReplicaCloud.PROJECT;
import static io.clouddb.gcp.sql.ReplicaCloud.flag;
import static io.clouddb.gcp.sql.ReplicaCloud.primary;
import static io.clouddb.gcp.sql.ReplicaCloud.refusal;
import static io.clouddb.gcp.sql.ReplicaCloud.replica;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.services.sqladmin.model.BackupConfiguration;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.DiskEncryptionConfiguration;
import com.google.api.services.sqladmin.model.IpConfiguration;
import com.google.api.services.sqladmin.model.MaintenanceWindow;
import com.google.api.services.sqladmin.model.ReplicaConfiguration;
import com.google.api.services.sqladmin.model.Settings;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What Cloud SQL makes of a request for a replica, and what it refuses, by Google's client. */
@Tag("slow")
class CloudSqlReplicaRulesSimulatorTest {
  private static final String INVALID = "400 invalid: ";
  private static final String TOO_SMALL = "400 invalidFlagValue: Value requested is not valid.";
  private static final String NOT_SIMULATED = "501 notImplemented: ";
  private static final String KEYS = "projects/p/locations/%s/keyRings/r/cryptoKeys/%s";

  private final ReplicaCloud cloud = new ReplicaCloud();

  @AfterEach
  void close() {
    cloud.close();
  }

  private static DiskEncryptionConfiguration key(String region, String name) {
    return new DiskEncryptionConfiguration().setKmsKeyName(KEYS.formatted(region, name));
  }

  /** What becomes of a replica in the primary's region that differs from the least one. */
  private String refused(Consumer<DatabaseInstance> difference) throws IOException {
    DatabaseInstance replica = replica("reader", HOME, "orders");
    difference.accept(replica);
    return cloud.refusedInsert(replica);
  }

  private String refusedSettings(Consumer<Settings> difference) throws IOException {
    return refused(replica -> difference.accept(replica.getSettings()));
  }

  @Test
  void whatDoesNotFitThePrimaryIsRefused() throws Exception {
    DatabaseInstance orders = primary("orders");
    orders.getSettings().setDataDiskSizeGb(20L);
    cloud.done(cloud.insert(orders));

    assertThat(refused(replica -> replica.setMasterInstanceName("nobody")))
        .isEqualTo("403 notAuthorized: The client is not authorized to make this request.");
    assertThat(refused(replica -> replica.setMasterInstanceName("other-project:orders")))
        .startsWith(NOT_SIMULATED);
    assertThat(refused(replica -> replica.setName("orders"))).startsWith("409 instanceAlready");
    assertThat(refused(replica -> replica.setRegion(null))).startsWith(INVALID).contains("region");
    assertThat(refused(replica -> replica.setInstanceType("CLOUD_SQL_INSTANCE")))
        .startsWith(INVALID);
    assertThat(refused(replica -> replica.setDatabaseVersion("POSTGRES_15")))
        .startsWith(INVALID)
        .contains("database version");
    // Whoever names 16 or a later version gets the other edition, without that machine.
    assertThat(refused(replica -> replica.setDatabaseVersion("POSTGRES_16")))
        .startsWith(INVALID)
        .contains("tier (db-custom-2-8192) for (ENTERPRISE_PLUS) edition");
    assertThat(
            refused(
                replica ->
                    replica.setReplicaConfiguration(
                        new ReplicaConfiguration().setFailoverTarget(true))))
        .isEqualTo("400 invalidRequest: The incoming request contained invalid data.");
    assertThat(refused(replica -> replica.setRootPassword("secret"))).startsWith(NOT_SIMULATED);
    assertThat(refused(replica -> replica.setDiskEncryptionConfiguration(key(HOME, "k"))))
        .startsWith(INVALID)
        .contains("key");

    assertThat(refusedSettings(settings -> settings.setTier(null))).startsWith(INVALID);
    assertThat(
            refusedSettings(
                settings ->
                    settings.setBackupConfiguration(new BackupConfiguration().setEnabled(true))))
        .isEqualTo(
            INVALID
                + "Invalid request: Invalid flag for instance role: Backups cannot be enabled for"
                + " read replica instance..");
    assertThat(
            refusedSettings(
                settings ->
                    settings.setMaintenanceWindow(new MaintenanceWindow().setDay(7).setHour(4))))
        .startsWith(INVALID);
    assertThat(refusedSettings(settings -> settings.setActivationPolicy("NEVER")))
        .startsWith(INVALID);
    assertThat(refusedSettings(settings -> settings.setDataDiskSizeGb(19L))).startsWith(INVALID);
    assertThat(
            refusedSettings(
                settings ->
                    settings.setIpConfiguration(
                        new IpConfiguration()
                            .setPrivateNetwork("projects/p/global/networks/other"))))
        .startsWith(INVALID)
        .contains("network");
    assertThat(refusedSettings(settings -> settings.setStorageAutoResize(false)))
        .startsWith(NOT_SIMULATED);
    assertThat(refusedSettings(settings -> settings.setDatabaseReplicationEnabled(false)))
        .startsWith(NOT_SIMULATED);
    assertThat(refusedSettings(settings -> settings.setAcceleratedReplicaMode(true)))
        .startsWith(NOT_SIMULATED);
    assertThat(refusedSettings(settings -> settings.setTier("db-custom-N4-2-8192")))
        .startsWith(NOT_SIMULATED)
        .contains("machine series");
    assertThat(cloud.get("orders").getReplicaNames()).isNull();

    cloud.done(cloud.insert(replica("reader", HOME, "orders")));
    assertThat(cloud.get("reader").getSettings().getDataDiskSizeGb()).isEqualTo(20);
    assertThat(refusal(cloud.sql.instances().stopReplica(PROJECT, "reader")))
        .startsWith(NOT_SIMULATED);
    assertThat(refusal(cloud.sql.instances().promoteReplica(PROJECT, "reader").setFailover(true)))
        .startsWith("400 invalid: ")
        .contains("not the disaster recovery replica");
    DatabaseInstance moved = new DatabaseInstance().setMasterInstanceName("other");
    assertThat(cloud.refusedPatch("reader", moved)).startsWith(NOT_SIMULATED);
  }

  @Test
  void notEveryInstanceHasReplicas() throws Exception {
    DatabaseInstance alone = primary("alone");
    alone.getSettings().setBackupConfiguration(null);
    cloud.done(cloud.insert(alone));
    assertThat(cloud.refusedInsert(replica("reader", HOME, "alone")))
        .startsWith(INVALID)
        .contains("backups");
    DatabaseInstance guarded = primary("guarded");
    guarded.getSettings().setConnectorEnforcement("REQUIRED");
    cloud.done(cloud.insert(guarded));
    assertThat(cloud.refusedInsert(replica("reader", HOME, "guarded")))
        .startsWith(INVALID)
        .contains("connector");
    DatabaseInstance orphan = primary("orphan").setInstanceType("READ_REPLICA_INSTANCE");
    assertThat(cloud.refusedInsert(orphan)).startsWith(INVALID);

    cloud.done(cloud.patch("guarded", new Settings().setConnectorEnforcement("NOT_REQUIRED")));
    cloud.done(cloud.insert(replica("reader", HOME, "guarded")));
    assertThat(cloud.refusedPatch("guarded", new Settings().setConnectorEnforcement("REQUIRED")))
        .startsWith(INVALID);
    assertThat(
            cloud.refusedPatch(
                "guarded",
                new Settings().setBackupConfiguration(new BackupConfiguration().setEnabled(false))))
        .startsWith(NOT_SIMULATED);
    DatabaseInstance replicating = new DatabaseInstance();
    replicating.setSettings(new Settings().setDatabaseReplicationEnabled(true));
    assertThat(cloud.refusedPatch("alone", replicating)).startsWith(INVALID);
  }

  @Test
  void aReplicaHasNoLessThanItsPrimary() throws Exception {
    DatabaseInstance orders = primary("orders");
    orders
        .getSettings()
        .setDatabaseFlags(List.of(flag("max_connections", "450"), flag("work_mem", "8192")));
    cloud.done(cloud.insert(orders));
    // Flags are not inherited: the machine's default is 400.
    assertThat(cloud.refusedInsert(replica("reader", HOME, "orders")))
        .startsWith(TOO_SMALL)
        .contains("max_connections is 400");
    DatabaseInstance reader = replica("reader", HOME, "orders");
    reader.getSettings().setDatabaseFlags(List.of(flag("max_connections", "460")));
    cloud.done(cloud.insert(reader));
    assertThat(cloud.ask("reader", "SHOW max_connections")).isEqualTo("460");
    assertThat(cloud.ask("reader", "SHOW work_mem")).isEqualTo("4MB");
    assertThat(cloud.get("reader").getSettings().getDatabaseFlags()).hasSize(1);

    Settings more = new Settings().setDatabaseFlags(List.of(flag("max_connections", "500")));
    assertThat(cloud.refusedPatch("orders", more)).startsWith(TOO_SMALL);
    cloud.done(cloud.patch("reader", more));
    assertThat(cloud.ask("reader", "SHOW max_connections")).isEqualTo("500");
    cloud.done(cloud.patch("orders", more));
    assertThat(cloud.ask("orders", "SHOW max_connections")).isEqualTo("500");
    assertThat(cloud.refusedPatch("reader", new Settings().setDatabaseFlags(List.of())))
        .startsWith(TOO_SMALL);
    // A larger machine has more by itself.
    cloud.done(
        cloud.patch(
            "reader", new Settings().setTier("db-custom-8-32768").setDatabaseFlags(List.of())));
    assertThat(cloud.ask("reader", "SHOW max_connections")).isEqualTo("600");
    cloud.run("orders", "CREATE TABLE t AS SELECT 1 AS a");
    cloud.server("reader").catchUp(Duration.ofSeconds(30));
    assertThat(cloud.ask("reader", "SELECT a FROM t")).isEqualTo("1");
  }

  @Test
  void anEncryptedReplicaHasAKeyOfItsRegion() throws Exception {
    cloud.done(cloud.insert(primary("orders").setDiskEncryptionConfiguration(key(HOME, "k"))));
    assertThat(refused(replica -> replica.setDiskEncryptionConfiguration(key(HOME, "other"))))
        .startsWith(INVALID);
    assertThat(cloud.refusedInsert(replica("far", FAR, "orders")))
        .startsWith(INVALID)
        .contains("key");
    assertThat(
            cloud.refusedInsert(
                replica("far", FAR, "orders").setDiskEncryptionConfiguration(key(HOME, "k"))))
        .startsWith(INVALID);
    cloud.done(
        cloud.insert(replica("far", FAR, "orders").setDiskEncryptionConfiguration(key(FAR, "f"))));
    cloud.done(cloud.insert(replica("reader", HOME, "orders")));
    assertThat(cloud.get("far").getDiskEncryptionConfiguration().getKmsKeyName())
        .isEqualTo(KEYS.formatted(FAR, "f"));
    assertThat(cloud.get("reader").getDiskEncryptionConfiguration().getKmsKeyName())
        .isEqualTo(KEYS.formatted(HOME, "k"));
  }

  @Test
  void aReplicaIsInItsPrimarysNetwork() throws Exception {
    String network = "projects/shop-project/global/networks/main";
    DatabaseInstance orders = primary("orders");
    orders
        .getSettings()
        .setIpConfiguration(new IpConfiguration().setIpv4Enabled(false).setPrivateNetwork(network));
    cloud.done(cloud.insert(orders));
    DatabaseInstance reader = replica("reader", FAR, "orders");
    reader.getSettings().setIpConfiguration(new IpConfiguration().setIpv4Enabled(false));
    cloud.done(cloud.insert(reader));
    assertThat(cloud.get("reader").getSettings().getIpConfiguration().getPrivateNetwork())
        .isEqualTo(network);
    assertThat(cloud.get("reader").getIpAddresses().get(0).getType()).isEqualTo("PRIVATE");
  }
}
