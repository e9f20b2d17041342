/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import static io.clouddb.aws.dynamodb.TableCloud.AWAY;
import static io.clouddb.aws.dynamodb.TableCloud.HOME;
import static io.clouddb.aws.dynamodb.TableCloud.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.backup.Backup;
import io.clouddb.backup.BackupQuery;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.RestorableWindow;
import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.table.Capacity;
import io.clouddb.table.ChangeImages;
import io.clouddb.table.IndexSpec;
import io.clouddb.table.Key;
import io.clouddb.table.KeyType;
import io.clouddb.table.TableDescription;
import io.clouddb.table.TableRegion;
import io.clouddb.table.TableRestoreSpec;
import io.clouddb.table.Throughput;
import io.clouddb.table.TimeToLive;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.IndexStatus;

/** Backups of tables in a simulated AWS, and what is restored from them. */
class TableBackupsTest {
  private static TableCloud aws;
  private CloudDb cloud;

  @BeforeAll
  static void start() {
    aws = new TableCloud();
  }

  @AfterAll
  static void stop() {
    aws.close();
  }

  @BeforeEach
  void open() {
    cloud = aws.open();
  }

  @AfterEach
  void close() {
    cloud.close();
    assertThat(aws.simulator.faults().pending()).isZero();
  }

  private TableDescription filled(String name) {
    TableDescription table =
        TableCloud.create(
            cloud,
            TableCloud.plain(name)
                .index(TableCloud.index("gsi1"))
                .index(TableCloud.index("gsi2"))
                .index(
                    IndexSpec.of(
                            "lsi", Key.partition("pk", KeyType.STRING).sort("at", KeyType.NUMBER))
                        .local())
                .pointInTimeRecoveryDays(10));
    put(name, "1");
    return table;
  }

  private void put(String table, String sk) {
    try (var client = aws.client(HOME)) {
      var unused =
          client.putItem(
              request ->
                  request
                      .tableName(table)
                      .item(
                          Map.of(
                              "pk", AttributeValue.fromS("one"), "sk", AttributeValue.fromS(sk))));
    }
  }

  private int count(String table) {
    try (var client = aws.client(HOME)) {
      return client.scan(request -> request.tableName(table)).count();
    }
  }

  @Test
  void aBackupIsTakenListedRestoredWithWhatIsAskedAndDeleted() {
    TableDescription table = filled("kept");
    Backup taken =
        cloud.backups().take(table.id(), BackupSpec.named("before-release")).await(LIMIT);
    assertThat(taken.name()).isEqualTo("before-release");
    assertThat(taken.source()).contains(table.id());
    assertThat(taken.origin()).isEqualTo(Backup.Origin.MANUAL);
    assertThat(taken.state()).isEqualTo(Backup.State.AVAILABLE);
    assertThat(cloud.backups().get(taken.id())).isEqualTo(taken);
    assertThat(cloud.backups().find(table.id(), "before-release")).contains(taken);
    assertThat(cloud.backups().list(BackupQuery.of(table.id())).stream()).containsExactly(taken);
    assertThatThrownBy(
            () -> cloud.backups().take(table.id(), BackupSpec.named("before-release")).await(LIMIT))
        .isInstanceOf(AlreadyExistsException.class);
    put("kept", "2");

    Throughput throughput = Throughput.reads(TableCloud.scaled(50)).writes(Capacity.fixed(6));
    TableDescription restored =
        cloud
            .backups()
            .restoreTable(
                TableRestoreSpec.from(taken, "kept-2")
                    .indexes("gsi1")
                    .throughput(throughput)
                    .timeToLive(TimeToLive.at("expires"))
                    .changeFeed(ChangeImages.OLD)
                    .pointInTimeRecoveryDays(4)
                    .deletionProtection(true)
                    .tag("app", "shop")
                    .build())
            .await(LIMIT);
    assertThat(restored.spec().indexes()).containsExactly(TableCloud.index("gsi1"));
    assertThat(restored.spec().throughput()).contains(throughput);
    assertThat(restored.spec().timeToLive()).contains(TimeToLive.at("expires"));
    assertThat(restored.spec().changeFeed()).contains(ChangeImages.OLD);
    assertThat(restored.spec().pointInTimeRecoveryDays()).contains(4);
    assertThat(restored.spec().deletionProtection()).contains(true);
    assertThat(restored.spec().tags()).containsEntry("app", "shop");
    assertThat(count("kept-2")).isEqualTo(1);

    cloud.backups().delete(taken.id()).await(LIMIT);
    assertThat(cloud.backups().find(table.id(), "before-release")).isEmpty();
  }

  /** DynamoDB lets several backups of a table have one name. */
  @Test
  void theBackupThatWasFoundFirstIsRestored() {
    TableDescription table = filled("twice");
    Backup first = cloud.backups().take(table.id(), BackupSpec.named("nightly")).await(LIMIT);
    ResourceId byName =
        ResourceId.of("aws", aws.simulator.account(), HOME, first.id().kind(), first.id().name());
    aws.simulator
        .faults()
        .on("RestoreTableFromBackup")
        .refused(400, "LimitExceededException", "Too many simultaneous restores");
    var restoring = cloud.backups().restoreTable(TableRestoreSpec.from(byName, "twice-2").build());
    put("twice", "2");
    try (var client = aws.client(HOME)) {
      client.createBackup(request -> request.tableName("twice").backupName("nightly"));
    }
    restoring.await(LIMIT);
    assertThat(count("twice-2")).isEqualTo(1);
  }

  /** By its source and its time it may be the table of another operation. */
  @Test
  void aRestoreWhoseAnswerWasLostLeavesItsTable() {
    TableDescription table = filled("unsure");
    Backup taken = cloud.backups().take(table.id(), BackupSpec.named("nightly")).await(LIMIT);
    aws.simulator.faults().on("RestoreTableFromBackup").connectionResetAfter();
    aws.simulator
        .faults()
        .on("TagResource")
        .refused(400, "AccessDeniedException", "User is not authorized");
    CloudDbException failed =
        catchThrowableOfType(
            CloudDbException.class,
            () ->
                cloud
                    .backups()
                    .restoreTable(TableRestoreSpec.from(taken, "unsure-2").tag("a", "b").build())
                    .await(LIMIT));
    assertThat(failed.details().leftBehind().orElse("")).contains("unsure-2", "no other operation");
    assertThat(cloud.tables().find("unsure-2")).isPresent();
  }

  @Test
  void aMomentIsRestored() {
    TableDescription table = filled("moments");
    RestorableWindow window = cloud.backups().window(table.id());
    assertThat(window.earliest()).isPresent();
    Instant outside = aws.clock.instant().minus(Duration.ofDays(40));
    assertThatThrownBy(
            () ->
                cloud
                    .backups()
                    .restoreTable(TableRestoreSpec.of(table.id(), "too-old").at(outside).build()))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("cannot be restored to");
    TableDescription restored =
        cloud
            .backups()
            .restoreTable(TableRestoreSpec.of(table.id(), "moments-2").latest().build())
            .await(LIMIT);
    assertThat(restored.spec().indexes()).hasSize(3);
    try (var client = aws.client(HOME)) {
      var there = client.describeTable(request -> request.tableName("moments-2")).table();
      assertThat(there.restoreSummary()).isNull();
      assertThat(there.globalSecondaryIndexes())
          .hasSize(2)
          .allMatch(index -> index.indexStatus() == IndexStatus.ACTIVE);
    }
    assertThat(restored.spec().tags()).isEmpty();
    assertThat(restored.spec().pointInTimeRecoveryDays()).isEmpty();
    assertThatThrownBy(
            () ->
                cloud
                    .backups()
                    .restoreTable(TableRestoreSpec.of(restored.id(), "never").latest().build()))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("is off");
  }

  @Test
  void whatABackupCannotHaveIsRefusedInThePlan() {
    var table = TableCloud.create(cloud, TableCloud.plain("refused"));
    assertThatThrownBy(
            () -> cloud.backups().take(table.id(), BackupSpec.named("tagged").tag("a", "b")))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("have no tags");
    assertThatThrownBy(
            () -> cloud.backups().take(table.id(), BackupSpec.named("keyed").encryptionKey("k")))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("table's key");
  }

  @Test
  void aRestoreHasATimeToLiveByWhichAnIndexIsSorted() {
    TableDescription table =
        TableCloud.create(
            cloud,
            TableCloud.plain("expiring")
                .index("soon", Key.partition("kind", KeyType.STRING).sort("ends", KeyType.NUMBER))
                .timeToLive(TimeToLive.at("ends")));
    Backup taken = cloud.backups().take(table.id(), BackupSpec.named("nightly")).await(LIMIT);
    TableDescription restored =
        cloud
            .backups()
            .restoreTable(
                TableRestoreSpec.from(taken, "expiring-2")
                    .timeToLive(TimeToLive.at("ends"))
                    .build())
            .await(LIMIT);
    assertThat(restored.spec().timeToLive()).contains(TimeToLive.at("ends"));
  }

  @Test
  void aBackupIsRestoredInAnotherRegion() {
    TableDescription table = TableCloud.create(cloud, TableCloud.plain("far"));
    Backup taken = cloud.backups().take(table.id(), BackupSpec.named("nightly")).await(LIMIT);
    CloudDb away = cloud.in(AWAY);
    TableRestoreSpec spec = TableRestoreSpec.from(taken, "far-2").build();
    assertThat(away.backups().plan(spec).inherited())
        .anySatisfy(one -> assertThat(one.toString()).contains("AWS' own key"));
    TableDescription restored = away.backups().restoreTable(spec).await(LIMIT);
    assertThat(restored.spec().regions()).extracting(TableRegion::name).containsExactly(AWAY);
  }

  /** It would be encrypted less than its source, and nobody would be told. */
  @Test
  void aBackupUnderAKeyOfItsRegionIsRestoredElsewhereOnlyWithAnother() {
    TableDescription table =
        TableCloud.create(
            cloud,
            TableCloud.plain("sealed").region(TableRegion.of(HOME).key("alias/aws/dynamodb")));
    Backup taken = cloud.backups().take(table.id(), BackupSpec.named("nightly")).await(LIMIT);
    CloudDb away = cloud.in(AWAY);
    TableRestoreSpec.Builder spec = TableRestoreSpec.from(taken, "sealed-2");
    assertThatThrownBy(() -> away.backups().restoreTable(spec.build()).await(LIMIT))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("encryptionKey(...)");
    TableDescription restored =
        away.backups().restoreTable(spec.encryptionKey("alias/aws/dynamodb").build()).await(LIMIT);
    assertThat(restored.spec().regions().get(0).key()).isPresent();
  }
}
