/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.services.sqladmin.model.BackupConfiguration;
import com.google.api.services.sqladmin.model.DatabaseFlags;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.ReplicationCluster;
import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.error.ConditionFailedException;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What keeps a primary and its replica from changing places. */
class PromotionChecksTest {
  private static DatabaseInstance primary() {
    return new DatabaseInstance()
        .setName("orders")
        .setRegion("us-central1")
        .setState("RUNNABLE")
        .setDatabaseVersion("POSTGRES_16")
        .setSettings(
            new Settings()
                .setEdition("ENTERPRISE_PLUS")
                .setBackupConfiguration(
                    new BackupConfiguration().setPointInTimeRecoveryEnabled(true)));
  }

  private static DatabaseInstance replica() {
    return new DatabaseInstance()
        .setName("orders-dr")
        .setRegion("europe-west1")
        .setState("RUNNABLE")
        .setDatabaseVersion("POSTGRES_16")
        .setInstanceType("READ_REPLICA_INSTANCE")
        .setMasterInstanceName("shop-project:orders")
        .setSettings(new Settings().setEdition("ENTERPRISE_PLUS"));
  }

  private static void flags(DatabaseInstance instance, String... namesAndValues) {
    DatabaseFlags[] flags = new DatabaseFlags[namesAndValues.length / 2];
    for (int i = 0; i < flags.length; i++) {
      flags[i] =
          new DatabaseFlags().setName(namesAndValues[2 * i]).setValue(namesAndValues[2 * i + 1]);
    }
    instance.getSettings().setDatabaseFlags(List.of(flags));
  }

  @Test
  void aPairAsThePageHasItChangesPlaces() {
    DatabaseInstance primary = primary();
    DatabaseInstance replica = replica();
    flags(primary, "max_connections", "500", "work_mem", "4096");
    // What is not set has a default, which the service alone knows.
    flags(replica, "max_connections", "500", "max_wal_senders", "20", "work_mem", "8192");
    assertThatCode(() -> PromotionChecks.requirePair(replica, primary, Stepwise.id("orders-dr")))
        .doesNotThrowAnyException();
  }

  static Stream<Arguments> kept() {
    return Stream.of(
        kept(
            (r, p) -> r.getSettings().setEdition("ENTERPRISE"),
            "orders-dr is of the edition ENTERPRISE,"),
        kept(
            (r, p) -> p.getSettings().setEdition("ENTERPRISE"),
            "orders is of the edition ENTERPRISE,"),
        kept((r, p) -> p.setMasterInstanceName("shop-project:above"), "orders is a replica itself"),
        kept((r, p) -> p.setState("MAINTENANCE"), "orders does not run (MAINTENANCE)"),
        kept((r, p) -> r.setRegion("us-central1"), "both are in us-central1"),
        kept(
            (r, p) -> p.getSettings().setBackupConfiguration(null),
            "orders has no point-in-time recovery"),
        kept(
            (r, p) -> p.getSettings().getBackupConfiguration().setPointInTimeRecoveryEnabled(false),
            "orders has no point-in-time recovery"),
        kept(
            (r, p) -> flags(r, "cloudsql.logical_decoding", "on"),
            "orders-dr has cloudsql.logical_decoding"),
        kept(
            (r, p) ->
                p.setReplicationCluster(
                    new ReplicationCluster().setFailoverDrReplicaName("shop-project:other")),
            "another disaster recovery replica, other"),
        kept(
            (r, p) -> {
              flags(r, "max_connections", "600");
              flags(p, "max_connections", "500");
            },
            "max_connections is 600 at orders-dr and 500 at orders"),
        kept(
            (r, p) -> {
              flags(r, "max_parallel_workers", "4", "max_locks_per_transaction", "64");
              flags(p, "max_parallel_workers", "8", "max_locks_per_transaction", "128");
            },
            "max_locks_per_transaction is 64 at orders-dr and 128 at orders"));
  }

  private static Arguments kept(BiConsumer<DatabaseInstance, DatabaseInstance> change, String why) {
    return Arguments.of(why, change);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kept")
  void whatKeepsThemIsSaidBeforeAnythingIsSent(
      String why, BiConsumer<DatabaseInstance, DatabaseInstance> change) {
    DatabaseInstance primary = primary();
    DatabaseInstance replica = replica();
    change.accept(replica, primary);
    assertThatThrownBy(
            () -> PromotionChecks.requirePair(replica, primary, Stepwise.id("orders-dr")))
        .isInstanceOfSatisfying(
            ConditionFailedException.class,
            // Most of it can be mended, and two writers are no switchover.
            e -> assertThat(e.nextStep()).get().asString().startsWith("Change what is in the way"))
        .hasMessageContainingAll(why, "use-advanced-disaster-recovery");
  }

  /** Slots of logical replication outlast the change of places since PostgreSQL 17. */
  @Test
  void decodingIsNoMatterOfLaterVersionsNorOfWhatIsDesignated() {
    DatabaseInstance later = replica().setDatabaseVersion("POSTGRES_17");
    DatabaseInstance designated =
        replica().setReplicationCluster(new ReplicationCluster().setDrReplica(true));
    for (DatabaseInstance replica : List.of(later, designated)) {
      flags(replica, "cloudsql.logical_decoding", "on");
      assertThatCode(
              () -> PromotionChecks.requirePair(replica, primary(), Stepwise.id("orders-dr")))
          .doesNotThrowAnyException();
    }
  }
}
