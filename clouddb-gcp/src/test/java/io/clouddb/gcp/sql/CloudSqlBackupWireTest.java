/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static io.clouddb.gcp.sql.SimulatedCloudSql.LIMIT;
import static io.clouddb.gcp.sql.SimulatedCloudSql.PROJECT;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.client.json.GenericJson;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.services.sqladmin.SQLAdmin;
import com.google.api.services.sqladmin.model.Backup;
import com.google.api.services.sqladmin.model.BackupRun;
import com.google.api.services.sqladmin.model.BackupRunsListResponse;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.InstancesCloneRequest;
import com.google.api.services.sqladmin.model.InstancesRestoreBackupRequest;
import com.google.api.services.sqladmin.model.ListBackupsResponse;
import com.google.api.services.sqladmin.model.Operation;
import com.google.api.services.sqladmin.model.SqlInstancesGetLatestRecoveryTimeResponse;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.backup.BackupQuery;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.Protection;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.instance.Instance;
import io.clouddb.testkit.simulator.engine.RecordedRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What of backups and restores goes over the wire, held to what Google has published of its API:
 * the client that it generates from its discovery document, which keeps what is not in there as
 * unknown.
 */
class CloudSqlBackupWireTest {
  private static final Set<String> STATES =
      Set.of("ENQUEUED", "RUNNING", "FAILED", "SUCCESSFUL", "DELETING", "DELETION_FAILED");
  private static final Set<String> STATUSES =
      Set.of(
          "ENQUEUED",
          "OVERDUE",
          "RUNNING",
          "FAILED",
          "SUCCESSFUL",
          "SKIPPED",
          "DELETION_PENDING",
          "DELETION_FAILED",
          "DELETED");
  private static final Set<String> TYPES = Set.of("AUTOMATED", "ON_DEMAND");
  private static final Set<String> KINDS = Set.of("SNAPSHOT", "PHYSICAL");

  @TempDir private static Path folder;
  private static BackedUpOrders shop;
  private static Instant moment;

  /** All that can be done with backups, once. */
  @BeforeAll
  static void useAllOfIt() throws Exception {
    shop = new BackedUpOrders(folder);
    var backups = shop.home.backups();
    var first =
        backups.take(shop.orders.id(), BackupSpec.named("first").tag("why", "a; b=c")).await(LIMIT);
    backups
        .protect(
            shop.orders.id(),
            Protection.of(
                BackupPolicy.daily().retainDays(9).retainLogDays(7).storedIn("asia"),
                BackupSpec.named("second")))
        .await(LIMIT);
    assertThat(backups.list(BackupQuery.of(shop.orders.id())).stream()).isNotEmpty();
    moment = shop.quietMoment();
    backups.restore(RestoreSpec.from(first).named("from-backup").login(shop.admin)).await(LIMIT);
    backups
        .restore(RestoreSpec.of(shop.orders.id()).at(moment).named("at-moment").login(shop.admin))
        .await(LIMIT);
    backups.delete(first.id()).await(LIMIT);
    Instance gone = shop.home.instances().get(shop.orders.id());
    shop.home.instances().deleteKeepingBackups(gone.id()).await(LIMIT);
    backups.delete(backups.find(gone.id(), "second").orElseThrow().id()).await(LIMIT);
  }

  @AfterAll
  static void close() {
    shop.close();
  }

  private static List<RecordedRequest> requests(String method) {
    List<RecordedRequest> requests = shop.gcp.simulator.requests(method);
    assertThat(requests).as(method).isNotEmpty();
    return requests;
  }

  private static RecordedRequest only(String method) {
    assertThat(requests(method)).as(method).hasSize(1);
    return requests(method).get(0);
  }

  private static <T> T parsed(String text, Class<T> type) throws IOException {
    return GsonFactory.getDefaultInstance().fromString(text, type);
  }

  /** Members that the definition does not have, by their paths. */
  private static List<String> unknown(String text, Class<? extends GenericJson> type)
      throws IOException {
    List<String> unknown = new ArrayList<>();
    collect(type.getSimpleName(), parsed(text, type), unknown);
    return unknown;
  }

  private static void collect(String path, @Nullable Object node, List<String> unknown) {
    if (node instanceof GenericJson object) {
      object.getUnknownKeys().keySet().forEach(key -> unknown.add(path + "." + key));
      object.forEach((key, value) -> collect(path + "." + key, value, unknown));
    } else if (node instanceof List<?> items) {
      items.forEach(item -> collect(path + "[]", item, unknown));
    }
  }

  private static void assertDefined(
      String method,
      @Nullable Class<? extends GenericJson> request,
      Class<? extends GenericJson> answer)
      throws IOException {
    for (RecordedRequest each : requests(method)) {
      if (request == null) {
        assertThat(each.body()).as(method).isEmpty();
      } else {
        assertThat(unknown(each.body(), request)).as(method).isEmpty();
      }
      if (each.status() == 200) {
        assertThat(unknown(each.responseBody(), answer)).as(method).isEmpty();
      }
    }
  }

  @Test
  void everyRequestAndAnswerHasTheDefinedMembers() throws IOException {
    assertDefined("backupRuns.insert", BackupRun.class, Operation.class);
    assertDefined("backupRuns.delete", null, Operation.class);
    assertDefined("backups.listBackups", null, ListBackupsResponse.class);
    assertDefined("backups.getBackup", null, Backup.class);
    assertDefined("backups.deleteBackup", null, Operation.class);
    assertDefined("instances.restoreBackup", InstancesRestoreBackupRequest.class, Operation.class);
    assertDefined("instances.clone", InstancesCloneRequest.class, Operation.class);
    assertDefined(
        "projects.instances.getLatestRecoveryTime",
        null,
        SqlInstancesGetLatestRecoveryTimeResponse.class);
    assertDefined("instances.insert", DatabaseInstance.class, Operation.class);
    assertDefined("instances.patch", DatabaseInstance.class, Operation.class);
  }

  @Test
  void aRunSaysNoMoreThanWhatItIs() {
    List<RecordedRequest> runs = requests("backupRuns.insert");
    assertThat(runs).hasSize(2);
    Map<String, String> body = Leaves.of(runs.get(0).body());
    assertThat(body).containsOnlyKeys("description");
    BackupDescription described = BackupDescription.read(body.get("description")).orElseThrow();
    assertThat(described.name()).isEqualTo("first");
    assertThat(described.tags()).isEqualTo(Map.of("why", "a; b=c"));
  }

  @Test
  void aRestoreNamesItsBackupAndNothingElse() {
    RecordedRequest restore = only("instances.restoreBackup");
    assertThat(restore.path()).endsWith("/instances/from-backup/restoreBackup");
    assertThat(Leaves.of(restore.body()))
        .hasSize(1)
        .hasEntrySatisfying(
            "backup", backup -> assertThat(backup).startsWith("projects/" + PROJECT + "/backups/"));
  }

  @Test
  void aCloneNamesItsMoment() {
    RecordedRequest clone = only("instances.clone");
    assertThat(clone.path()).endsWith("/instances/orders/clone");
    assertThat(Leaves.of(clone.body()))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "cloneContext.kind",
                "sql#cloneContext",
                "cloneContext.destinationInstanceName",
                "at-moment",
                "cloneContext.pointInTime",
                moment.toString()));
  }

  @Test
  void anInsertHasNothingThatOnlyTheServiceSays() {
    List<RecordedRequest> inserts = requests("instances.insert");
    assertThat(Leaves.of(inserts.get(inserts.size() - 1).body()).keySet())
        .contains("name", "region", "databaseVersion", "settings.userLabels.clouddb-attempt")
        .noneMatch(
            path ->
                path.matches(
                    "(createTime|etag|selfLink|state|connectionName|ipAddresses.*|serverCaCert.*"
                        + "|project|gceZone|satisfiesPz.|settings\\.settingsVersion)"));
  }

  @Test
  void whatIsPublishedAsAWordIsOneOfThem() throws IOException {
    for (RecordedRequest each : requests("backups.listBackups")) {
      for (Backup backup : parsed(each.responseBody(), ListBackupsResponse.class).getBackups()) {
        assertThat(backup.getState()).isIn(STATES);
        assertThat(backup.getType()).isIn(TYPES);
        assertThat(backup.getBackupKind()).isIn(KINDS);
        assertThat(backup.getName()).startsWith("projects/" + PROJECT + "/backups/");
        Instant.parse(backup.getBackupInterval().getStartTime());
      }
    }
  }

  /** What the driver does not ask for, and other users of the simulator do. */
  @Test
  void aListOfRunsIsDefinedToo() throws IOException {
    BackupRunsListResponse runs =
        shop.home.unwrap(SQLAdmin.class).backupRuns().list(PROJECT, "from-backup").execute();
    List<String> unknown = new ArrayList<>();
    collect("runs", runs, unknown);
    assertThat(unknown).isEmpty();
    for (BackupRun run : runs.getItems()) {
      assertThat(run.getStatus()).isIn(STATUSES);
      assertThat(run.getType()).isIn(TYPES);
    }
  }
}
