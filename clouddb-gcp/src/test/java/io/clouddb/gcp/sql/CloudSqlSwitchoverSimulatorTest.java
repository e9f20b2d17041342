/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static io.clouddb.gcp.sql.ReplicaCloud.FAR;
import static io.clouddb.gcp.sql.ReplicaCloud.HOME;
import static io.clouddb.gcp.sql.ReplicaCloud.PROJECT;
import static io.clouddb.gcp.sql.ReplicaCloud.flag;
import static io.clouddb.gcp.sql.ReplicaCloud.plusPrimary;
import static io.clouddb.gcp.sql.ReplicaCloud.plusReplica;
import static io.clouddb.gcp.sql.ReplicaCloud.primary;
import static io.clouddb.gcp.sql.ReplicaCloud.refusal;
import static io.clouddb.gcp.sql.ReplicaCloud.replica;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.services.sqladmin.model.BackupConfiguration;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.MaintenanceWindow;
import com.google.api.services.sqladmin.model.Operation;
import com.google.api.services.sqladmin.model.ReplicationCluster;
import com.google.api.services.sqladmin.model.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** That a primary and its disaster recovery replica change places, by Google's client. */
@Tag("slow")
class CloudSqlSwitchoverSimulatorTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String INVALID = "400 invalid: ";

  private final ReplicaCloud cloud = new ReplicaCloud();

  @AfterEach
  void close() {
    cloud.close();
  }

  private static DatabaseInstance designation(String name) {
    return new DatabaseInstance()
        .setReplicationCluster(new ReplicationCluster().setFailoverDrReplicaName(name));
  }

  @Test
  void theyChangePlacesAndBackAgain() throws Exception {
    DatabaseInstance first = plusPrimary("west");
    first.getSettings().setMaintenanceWindow(new MaintenanceWindow().setDay(7).setHour(4));
    cloud.done(cloud.insert(first));
    cloud.done(cloud.insert(plusReplica("reader", HOME, "west")));
    cloud.done(cloud.insert(plusReplica("east", FAR, "west")));
    cloud.run("west", "CREATE TABLE t AS SELECT 1 AS a");
    assertThat(refusal(cloud.sql.instances().switchover(PROJECT, "east"))).startsWith(INVALID);

    cloud.done(cloud.patch("west", designation("east")));
    assertThat(cloud.get("west").getReplicationCluster().getFailoverDrReplicaName())
        .isEqualTo(PROJECT + ":east");
    assertThat(cloud.get("east").getReplicationCluster().getDrReplica()).isTrue();
    assertThat(cloud.get("reader").getReplicationCluster()).isNull();
    assertThat(refusal(cloud.sql.instances().switchover(PROJECT, "reader"))).startsWith(INVALID);

    Operation switchover =
        cloud.sql.instances().switchover(PROJECT, "east").setDbTimeout("600s").execute();
    assertThat(switchover.getOperationType()).isEqualTo("SWITCHOVER");
    assertThat(switchover.getTargetId()).isEqualTo("east");
    assertThat(cloud.refusedPatch("west", new Settings().setDataDiskSizeGb(30L)))
        .startsWith("409 operationInProgress");
    cloud.run("west", "INSERT INTO t VALUES (2)");
    cloud.done(switchover);

    DatabaseInstance east = cloud.get("east");
    assertThat(east.getInstanceType()).isEqualTo("CLOUD_SQL_INSTANCE");
    assertThat(east.getMasterInstanceName()).isNull();
    assertThat(east.getReplicaNames()).containsExactlyInAnyOrder("west", "reader");
    assertThat(east.getReplicationCluster().getFailoverDrReplicaName())
        .isEqualTo(PROJECT + ":west");
    assertThat(east.getSettings().getBackupConfiguration().getPointInTimeRecoveryEnabled())
        .isTrue();
    DatabaseInstance west = cloud.get("west");
    assertThat(west.getInstanceType()).isEqualTo("READ_REPLICA_INSTANCE");
    assertThat(west.getMasterInstanceName()).isEqualTo(PROJECT + ":east");
    assertThat(west.getReplicaNames()).isNull();
    assertThat(west.getReplicationCluster().getDrReplica()).isTrue();
    assertThat(west.getSettings().getBackupConfiguration().getEnabled()).isFalse();
    assertThat(east.getSettings().getMaintenanceWindow().getHour()).isEqualTo(4);
    assertThat(west.getSettings().getMaintenanceWindow()).isNull();
    cloud.done(cloud.patch("west", new Settings().setUserLabels(Map.of("team", "one"))));
    cloud.run("east", "INSERT INTO t VALUES (4)");
    for (String name : List.of("west", "reader")) {
      cloud.server(name).catchUp(LIMIT);
      assertThat(cloud.ask(name, "SELECT sum(a) FROM t")).isEqualTo("7");
    }
    assertThatThrownBy(() -> cloud.run("west", "INSERT INTO t VALUES (8)"))
        .hasMessageContaining("read-only");

    cloud.done(cloud.sql.instances().switchover(PROJECT, "west").execute());
    assertThat(cloud.get("west").getReplicaNames()).containsExactlyInAnyOrder("east", "reader");
    cloud.run("west", "INSERT INTO t VALUES (8)");
    // A replica that is promoted by itself is nobody's replica, and designated no more.
    cloud.done(cloud.promote("east"));
    assertThat(cloud.get("west").getReplicationCluster()).isNull();
    assertThat(cloud.get("east").getReplicationCluster()).isNull();
    assertThat(cloud.ask("east", "SELECT sum(a) FROM t")).isEqualTo("15");
    assertThat(cloud.google.notSimulated()).isEmpty();
  }

  @Test
  void onlySomeReplicasAreForDisasterRecovery() throws Exception {
    cloud.done(cloud.insert(primary("plain")));
    cloud.done(cloud.insert(replica("plain-dr", FAR, "plain")));
    assertThat(cloud.refusedPatch("plain", designation("plain-dr")))
        .startsWith(INVALID)
        .contains("ENTERPRISE_PLUS");

    cloud.done(cloud.insert(plusPrimary("west")));
    cloud.done(cloud.insert(plusReplica("near", HOME, "west")));
    cloud.done(cloud.insert(plusReplica("below", FAR, "near")));
    DatabaseInstance large = plusReplica("large", FAR, "west");
    large.getSettings().setDatabaseFlags(List.of(flag("max_connections", "800")));
    cloud.done(cloud.insert(large));
    assertThat(cloud.refusedPatch("west", designation("near"))).contains("another region");
    assertThat(cloud.refusedPatch("west", designation("below"))).contains("no direct replica");
    assertThat(cloud.refusedPatch("west", designation("nobody"))).contains("no direct replica");
    assertThat(cloud.refusedPatch("west", designation("large"))).contains("same values");
    assertThat(cloud.refusedPatch("near", designation("below"))).startsWith(INVALID);
    assertThat(
            cloud.refusedInsert(
                plusPrimary("new")
                    .setReplicationCluster(designation("large").getReplicationCluster())))
        .startsWith(INVALID);
    cloud.done(cloud.insert(plusPrimary("new").setReplicationCluster(new ReplicationCluster())));

    cloud.done(cloud.patch("large", new Settings().setDatabaseFlags(List.of())));
    cloud.done(cloud.patch("west", designation(PROJECT + ":large")));
    assertThat(
            cloud.refusedPatch(
                "west",
                new Settings()
                    .setBackupConfiguration(
                        new BackupConfiguration().setPointInTimeRecoveryEnabled(false))))
        .startsWith("501 notImplemented: ");
    Settings lesser = new Settings().setTier("db-custom-8-32768").setEdition("ENTERPRISE");
    lesser.setBackupConfiguration(new BackupConfiguration().setTransactionLogRetentionDays(7));
    assertThat(cloud.refusedPatch("large", lesser)).startsWith("501 notImplemented: ");
    assertThat(refusal(cloud.sql.instances().switchover(PROJECT, "large").setDbTimeout("90000s")))
        .startsWith(INVALID);
    Settings more = new Settings().setDatabaseFlags(List.of(flag("max_parallel_workers", "4")));
    cloud.done(cloud.patch("west", more));
    assertThat(refusal(cloud.sql.instances().switchover(PROJECT, "large"))).contains("same values");
    cloud.done(cloud.patch("large", more));
    cloud.done(cloud.patch("west", new Settings().setActivationPolicy("NEVER")));
    assertThat(refusal(cloud.sql.instances().switchover(PROJECT, "large")))
        .contains("instance is not running");
    cloud.done(cloud.patch("west", new Settings().setActivationPolicy("ALWAYS")));
    cloud.done(cloud.patch("west", designation("")));
    assertThat(cloud.get("west").getReplicationCluster()).isNull();
    assertThat(cloud.get("large").getReplicationCluster()).isNull();
  }

  @Test
  void aPrimaryThatIsStoppedBecomesAReplicaWhenItIsStarted() throws Exception {
    cloud.done(cloud.insert(plusPrimary("west")));
    cloud.done(cloud.insert(plusReplica("reader", HOME, "west")));
    cloud.done(cloud.insert(plusReplica("east", FAR, "west")));
    cloud.done(cloud.patch("west", designation("east")));
    cloud.run("west", "CREATE TABLE t AS SELECT 1 AS a");
    cloud.server("east").catchUp(LIMIT);
    cloud.done(cloud.patch("west", new Settings().setActivationPolicy("NEVER")));
    assertThat(refusal(cloud.sql.instances().promoteReplica(PROJECT, "reader").setFailover(true)))
        .startsWith(INVALID);

    cloud.done(cloud.sql.instances().promoteReplica(PROJECT, "east").setFailover(true).execute());
    assertThat(cloud.get("east").getInstanceType()).isEqualTo("CLOUD_SQL_INSTANCE");
    assertThat(cloud.get("east").getReplicaNames()).containsExactly("reader");
    assertThat(cloud.get("west").getMasterInstanceName()).isNull();
    cloud.run("east", "INSERT INTO t VALUES (2)");
    Object port = cloud.get("west").getIpAddresses().get(0).get("port");

    cloud.done(cloud.patch("west", new Settings().setActivationPolicy("ALWAYS")));
    assertThat(cloud.get("east").getReplicaNames()).containsExactlyInAnyOrder("reader", "west");
    DatabaseInstance west = cloud.get("west");
    assertThat(west.getMasterInstanceName()).isEqualTo(PROJECT + ":east");
    assertThat(west.getReplicationCluster().getDrReplica()).isTrue();
    assertThat(west.getIpAddresses().get(0).get("port")).isEqualTo(port);
    cloud.run("east", "INSERT INTO t VALUES (4)");
    for (String name : List.of("west", "reader")) {
      cloud.server(name).catchUp(LIMIT);
      assertThat(cloud.ask(name, "SELECT sum(a) FROM t")).isEqualTo("7");
    }
    cloud.done(cloud.sql.instances().switchover(PROJECT, "west").execute());
    cloud.run("west", "INSERT INTO t VALUES (8)");
    assertThat(cloud.google.notSimulated()).isEmpty();
  }

  @Test
  void aPrimaryThatIsLostBecomesAReplicaWhenItIsRestarted() throws Exception {
    cloud.done(cloud.insert(plusPrimary("west")));
    cloud.done(cloud.insert(plusReplica("east", FAR, "west")));
    cloud.done(cloud.patch("west", designation("east")));
    cloud.run("west", "CREATE TABLE t AS SELECT 1 AS a");
    cloud.server("east").catchUp(LIMIT);
    cloud.server("west").kill();

    cloud.done(cloud.sql.instances().promoteReplica(PROJECT, "east").setFailover(true).execute());
    cloud.run("east", "INSERT INTO t VALUES (2)");
    assertThat(cloud.get("west").getMasterInstanceName()).isNull();
    cloud.done(cloud.sql.instances().restart(PROJECT, "west").execute());
    assertThat(cloud.get("west").getMasterInstanceName()).isEqualTo(PROJECT + ":east");
    cloud.server("west").catchUp(LIMIT);
    assertThat(cloud.ask("west", "SELECT sum(a) FROM t")).isEqualTo("3");
  }
}
