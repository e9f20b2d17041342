/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static io.clouddb.gcp.sql.ReplicaCloud.FAR;
import static io.clouddb.gcp.sql.ReplicaCloud.HOME;
import static io.clouddb.gcp.sql.ReplicaCloud.PROJECT;
import static io.clouddb.gcp.sql.ReplicaCloud.primary;
import static io.clouddb.gcp.sql.ReplicaCloud.refusal;
import static io.clouddb.gcp.sql.ReplicaCloud.replica;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.services.sqladmin.model.BackupConfiguration;
import com.google.api.services.sqladmin.model.Database;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.Operation;
import com.google.api.services.sqladmin.model.Settings;
import com.google.api.services.sqladmin.model.User;
import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.Verb;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What becomes of replicas of Cloud SQL, from their creation to their end, by Google's client. */
@Tag("slow")
class CloudSqlReplicaSimulatorTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String BUSY = "409 operationInProgress";

  private final ReplicaCloud cloud = new ReplicaCloud();

  @AfterEach
  void close() {
    cloud.close();
  }

  @Test
  void aReplicaInAnotherRegionFollowsAndTakesOver() throws Exception {
    cloud.done(cloud.insert(primary("orders")));
    cloud.run("orders", "CREATE TABLE t AS SELECT 1 AS a");

    Operation creation = cloud.insert(replica("orders-dr", FAR, "orders"));
    assertThat(creation.getOperationType()).isEqualTo("CREATE_REPLICA");
    // As recorded: the operation is the primary's, which takes no other one.
    assertThat(creation.getTargetId()).isEqualTo("orders");
    assertThat(creation.getTargetLink()).endsWith("/instances/orders");
    assertThat(creation.getStatus()).isEqualTo("PENDING");
    assertThat(cloud.look(creation).getStatus()).isEqualTo("RUNNING");
    DatabaseInstance pending = cloud.get("orders-dr");
    assertThat(pending.getState()).isEqualTo("PENDING_CREATE");
    assertThat(pending.getMasterInstanceName()).isEqualTo(PROJECT + ":orders");
    assertThat(cloud.get("orders").getState()).isEqualTo("RUNNABLE");
    assertThat(cloud.refusedPatch("orders", new Settings().setUserLabels(Map.of("a", "b"))))
        .startsWith(BUSY);
    assertThat(cloud.refusedInsert(replica("second", HOME, "orders"))).startsWith(BUSY);
    assertThat(cloud.refusedDelete("orders-dr")).startsWith(BUSY);
    assertThat(refusal(cloud.sql.instances().promoteReplica(PROJECT, "orders-dr")))
        .startsWith(BUSY);
    // What is written while it is copied is not lost.
    cloud.run("orders", "INSERT INTO t VALUES (2)");
    cloud.done(creation);

    DatabaseInstance replica = cloud.get("orders-dr");
    assertThat(replica.getState()).isEqualTo("RUNNABLE");
    assertThat(replica.getInstanceType()).isEqualTo("READ_REPLICA_INSTANCE");
    assertThat(replica.getRegion()).isEqualTo(FAR);
    assertThat(replica.getConnectionName()).isEqualTo(PROJECT + ":" + FAR + ":orders-dr");
    assertThat(replica.getDatabaseVersion()).isEqualTo("POSTGRES_16");
    assertThat(replica.getReplicaConfiguration().getFailoverTarget()).isFalse();
    assertThat(replica.getReplicaNames()).isNull();
    assertThat(replica.getSettings().getDatabaseReplicationEnabled()).isTrue();
    assertThat(replica.getSettings().getEdition()).isEqualTo("ENTERPRISE");
    assertThat(replica.getSettings().getBackupConfiguration().getEnabled()).isFalse();
    assertThat(cloud.get("orders").getReplicaNames()).containsExactly("orders-dr");
    assertThat(cloud.list("instanceType:READ_REPLICA_INSTANCE")).containsExactly("orders-dr");
    assertThat(cloud.list("region:" + FAR)).containsExactly("orders-dr");

    cloud.run("orders", "INSERT INTO t VALUES (4)");
    cloud.server("orders-dr").catchUp(LIMIT);
    assertThat(cloud.ask("orders-dr", "SELECT sum(a) FROM t")).isEqualTo("7");
    assertThatThrownBy(() -> cloud.run("orders-dr", "INSERT INTO t VALUES (8)"))
        .hasMessageContaining("read-only");
    // What happens at the primary happens here: also users and databases.
    cloud.done(
        cloud
            .sql
            .users()
            .insert(PROJECT, "orders", new User().setName("app").setPassword("secret-2"))
            .execute());
    cloud.server("orders-dr").catchUp(LIMIT);
    assertThat(cloud.sql.users().list(PROJECT, "orders-dr").execute().getItems())
        .extracting(User::getName)
        .containsExactly("app", "postgres");
    cloud.done(cloud.sql.instances().restart(PROJECT, "orders-dr").execute());
    assertThat(cloud.ask("orders-dr", "SELECT pg_is_in_recovery()")).isEqualTo("t");

    Operation promotion = cloud.promote("orders-dr");
    assertThat(promotion.getOperationType()).isEqualTo("PROMOTE_REPLICA");
    assertThat(promotion.getTargetId()).isEqualTo("orders-dr");
    assertThat(cloud.get("orders-dr").getMasterInstanceName()).isNotNull();
    assertThat(cloud.refusedDelete("orders-dr")).startsWith(BUSY);
    cloud.done(promotion);
    DatabaseInstance promoted = cloud.get("orders-dr");
    assertThat(promoted.getInstanceType()).isEqualTo("CLOUD_SQL_INSTANCE");
    assertThat(promoted.getMasterInstanceName()).isNull();
    assertThat(promoted.getReplicaConfiguration()).isNull();
    assertThat(promoted.getSettings().getDatabaseReplicationEnabled()).isNull();
    assertThat(promoted.getSettings().getSettingsVersion()).isEqualTo(2);
    assertThat(promoted.getSettings().getBackupConfiguration().getEnabled()).isFalse();
    assertThat(cloud.get("orders").getReplicaNames()).isNull();
    cloud.run("orders-dr", "INSERT INTO t VALUES (8)");
    cloud.run("orders", "INSERT INTO t VALUES (16)");
    assertThat(cloud.ask("orders-dr", "SELECT sum(a) FROM t")).isEqualTo("15");
    cloud.done(
        cloud.patch(
            "orders-dr",
            new Settings().setBackupConfiguration(new BackupConfiguration().setEnabled(true))));
    cloud.done(cloud.delete("orders"));
    cloud.done(cloud.delete("orders-dr"));
    assertThat(cloud.google.notSimulated()).isEmpty();
  }

  @Test
  void replicasOfReplicasGoFourLevelsDeep() throws Exception {
    cloud.done(cloud.insert(primary("one")));
    cloud.done(cloud.insert(replica("two", HOME, PROJECT + ":one")));
    cloud.done(cloud.insert(replica("three", FAR, "two")));
    cloud.done(cloud.insert(replica("four", FAR, "three")));
    assertThat(cloud.refusedInsert(replica("five", FAR, "four"))).startsWith("400 invalid:");
    assertThat(cloud.get("two").getReplicaNames()).containsExactly("three");
    assertThat(cloud.get("three").getMasterInstanceName()).isEqualTo(PROJECT + ":two");

    String master =
        "400 errorReplicationMasterInvalidOperation: The requested operation is not valid for a"
            + " replication master instance.";
    for (String name : List.of("one", "two", "three")) {
      assertThat(cloud.refusedDelete(name)).isEqualTo(master);
    }
    // Those below stay below it.
    cloud.done(cloud.promote("two"));
    assertThat(cloud.get("one").getReplicaNames()).isNull();
    assertThat(cloud.get("two").getReplicaNames()).containsExactly("three");
    cloud.run("two", "CREATE TABLE t AS SELECT 5 AS a");
    cloud.server("three").catchUp(LIMIT);
    cloud.server("four").catchUp(LIMIT);
    assertThat(cloud.ask("four", "SELECT a FROM t")).isEqualTo("5");
    Operation deletion = cloud.delete("four");
    assertThat(cloud.refusedDelete("three")).isEqualTo(master);
    cloud.done(deletion);
    cloud.done(cloud.delete("three"));
    cloud.done(cloud.delete("two"));
    cloud.done(cloud.delete("one"));
  }

  @Test
  void whatHasFailedIsNotStopped() throws Exception {
    cloud.google.faults().on(Verb.CREATE, Call.INSTANCE).operationFails();
    assertThat(cloud.ended(cloud.insert(primary("orders"))).getError().getErrors()).hasSize(1);
    assertThat(cloud.refusedPatch("orders", new Settings().setActivationPolicy("NEVER")))
        .startsWith("409 invalidState:")
        .contains("not in an appropriate state");
    cloud.done(cloud.delete("orders"));
  }

  @Test
  void anInstanceHasTenReplicas() throws Exception {
    cloud.done(cloud.insert(primary("orders")));
    // Those that failed are there, and counted, and need no server.
    cloud.google.faults().on(Verb.CREATE, Call.INSTANCE).times(10).operationFails();
    for (int i = 1; i <= 10; i++) {
      Operation failed = cloud.ended(cloud.insert(replica("reader-" + i, HOME, "orders")));
      assertThat(failed.getError().getErrors()).hasSize(1);
      assertThat(cloud.get("reader-" + i).getState()).isEqualTo("FAILED");
    }
    assertThat(cloud.refusedInsert(replica("reader-11", HOME, "orders")))
        .startsWith("400 invalid:")
        .contains("10 replicas");
    assertThat(refusal(cloud.sql.instances().promoteReplica(PROJECT, "reader-3")))
        .startsWith("400 invalid:")
        .contains("not running");
    cloud.done(cloud.delete("reader-3"));
    cloud.done(cloud.insert(replica("reader-11", HOME, "orders")));
  }

  @Test
  void aPromotionThatFailsLeavesAReplica() throws Exception {
    cloud.done(cloud.insert(primary("orders")));
    cloud.done(cloud.insert(replica("reader", HOME, "orders")));
    cloud
        .google
        .faults()
        .on(Verb.PROMOTE, Call.INSTANCE)
        .named("reader")
        .operationFails("INTERNAL_ERROR", "An internal error");
    Operation failed = cloud.ended(cloud.promote("reader"));
    assertThat(failed.getError().getErrors().get(0).getCode()).isEqualTo("INTERNAL_ERROR");
    assertThat(cloud.get("reader").getMasterInstanceName()).isEqualTo(PROJECT + ":orders");
    cloud.done(cloud.promote("reader"));
  }

  @Test
  void whatBelongsToThePrimaryIsRefusedAtAReplica() throws Exception {
    cloud.done(cloud.insert(primary("orders")));
    cloud.done(cloud.insert(replica("reader", HOME, "orders")));
    String invalid = "400 invalidOperation: This operation is not valid for this instance.";
    assertThat(
            refusal(
                cloud
                    .sql
                    .users()
                    .insert(PROJECT, "reader", new User().setName("app").setPassword("secret-2"))))
        .isEqualTo(invalid);
    assertThat(
            refusal(
                cloud.sql.databases().insert(PROJECT, "reader", new Database().setName("shop"))))
        .isEqualTo(invalid);
    for (String name : List.of("orders", "reader")) {
      assertThat(refusal(cloud.sql.instances().switchover(PROJECT, name))).startsWith("400");
    }
    assertThat(refusal(cloud.sql.instances().promoteReplica(PROJECT, "orders"))).isEqualTo(invalid);
    assertThat(cloud.refusedPatch("reader", new Settings().setActivationPolicy("NEVER")))
        .startsWith("400 invalid: Invalid request: Invalid flag for instance role:");
    assertThat(
            cloud.refusedPatch(
                "reader",
                new Settings().setBackupConfiguration(new BackupConfiguration().setEnabled(true))))
        .isEqualTo(
            "400 invalid: Invalid request: Invalid flag for instance role: Backups cannot be"
                + " enabled for read replica instance..");
    // A primary is stopped and started as any other; its replicas serve what they have.
    cloud.done(cloud.patch("orders", new Settings().setActivationPolicy("NEVER")));
    assertThat(cloud.ask("reader", "SELECT pg_is_in_recovery()")).isEqualTo("t");
    assertThat(cloud.refusedInsert(replica("second", HOME, "orders")))
        .isEqualTo("400 invalid: Invalid request: Invalid request since instance is not running.");
    cloud.done(cloud.patch("orders", new Settings().setActivationPolicy("ALWAYS")));
    // What does not concern replication is changed as anywhere.
    cloud.done(
        cloud.patch(
            "reader",
            new DatabaseInstance()
                .setMasterInstanceName("orders")
                .setInstanceType("READ_REPLICA_INSTANCE")
                .setSettings(
                    new Settings()
                        .setAvailabilityType("REGIONAL")
                        .setUserLabels(Map.of("team", "one")))));
    assertThat(cloud.get("reader").getSettings().getUserLabels()).containsEntry("team", "one");
    assertThat(cloud.google.notSimulated()).isEmpty();
  }
}
