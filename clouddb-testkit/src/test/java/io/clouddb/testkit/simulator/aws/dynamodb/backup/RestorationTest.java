/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.clouddb.testkit.simulator.aws.dynamodb.TestDynamoDb;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a table was at a moment is in a backup of that moment, and in the table restored to it. */
class RestorationTest {
  private static final String HOME = TestDynamoDb.HOME;

  private final TestDynamoDb db = new TestDynamoDb();

  @BeforeEach
  void table() {
    db.table("orders");
    db.seconds(10);
  }

  @AfterEach
  void close() {
    db.close();
  }

  private String backup() {
    return db.ok("CreateBackup", "{'TableName':'orders','BackupName':'daily'}")
        .at("/BackupDetails/BackupArn")
        .asText();
  }

  private static String restore(String arn, String target) {
    return "{'BackupArn':'" + arn + "','TargetTableName':'" + target + "'}";
  }

  @Test
  void aBackupOutlivesItsTable() {
    db.put(HOME, "orders", "a", "1");
    String arn = backup();
    db.put(HOME, "orders", "a", "2");
    db.ok("DeleteTable", "{'TableName':'orders'}");
    db.seconds(30);
    JsonNode list = db.ok("ListBackups", "{'TableName':'orders'}").get("BackupSummaries");
    assertThat(list).hasSize(1);
    JsonNode made = db.ok("RestoreTableFromBackup", restore(arn, "copy")).get("TableDescription");
    assertThat(made.get("TableStatus").asText()).isEqualTo("CREATING");
    assertThat(made.at("/RestoreSummary/SourceBackupArn").asText()).isEqualTo(arn);
    assertThat(made.at("/RestoreSummary/RestoreInProgress").asBoolean()).isTrue();
    db.refused(
        "RestoreTableFromBackup",
        restore(arn, "copy"),
        "TableInUseException",
        "Table: copy is already being restored from backup: " + arn);
    db.refused(
        "DeleteBackup",
        "{'BackupArn':'" + arn + "'}",
        "BackupInUseException",
        "Backup is being used to restore table: " + arn);
    db.pass(Duration.ofMinutes(10));
    JsonNode copy = db.describe(HOME, "copy");
    assertThat(copy.get("TableStatus").asText()).isEqualTo("ACTIVE");
    assertThat(copy.has("RestoreSummary")).isFalse();
    assertThat(db.get(HOME, "copy", "a")).isEqualTo("1");
    db.refused(
        "RestoreTableFromBackup",
        restore(arn, "copy"),
        "TableAlreadyExistsException",
        "Table already exists: copy");
    db.ok("DeleteBackup", "{'BackupArn':'" + arn + "'}");
    db.refused(
        "DescribeBackup",
        "{'BackupArn':'" + arn + "'}",
        "BackupNotFoundException",
        "Backup not found: " + arn);
  }

  private void keep(int days) {
    db.ok(
        "UpdateContinuousBackups",
        "{'TableName':'orders','PointInTimeRecoverySpecification':"
            + "{'PointInTimeRecoveryEnabled':true,'RecoveryPeriodInDays':"
            + days
            + "}}");
  }

  private TestDynamoDb.Reply restoreTo(long moment) {
    return db.reply(
        HOME,
        "RestoreTableToPointInTime",
        "{'SourceTableName':'orders','TargetTableName':'copy','RestoreDateTime':" + moment + "}");
  }

  @Test
  void whatWasForgottenIsNotToBeHadByALongerPeriod() {
    keep(1);
    db.put(HOME, "orders", "a", "1");
    db.pass(Duration.ofDays(2));
    long gone = db.now().getEpochSecond();
    db.pass(Duration.ofDays(1));
    db.put(HOME, "orders", "a", "2");
    db.pass(Duration.ofDays(3));
    db.put(HOME, "orders", "a", "3");
    keep(35);
    assertThat(restoreTo(gone).code()).isEqualTo("InvalidRestoreTimeException");
    long kept = db.now().minus(Duration.ofHours(23)).getEpochSecond();
    assertThat(restoreTo(kept).status()).isEqualTo(200);
    db.pass(Duration.ofMinutes(10));
    assertThat(db.get(HOME, "copy", "a")).isEqualTo("2");
  }

  @Test
  void whatHadExpiredByThenIsNotRestored() {
    keep(7);
    db.ok(
        "UpdateTimeToLive",
        "{'TableName':'orders','TimeToLiveSpecification':{'Enabled':true,'AttributeName':'ttl'}}");
    db.ok(
        "PutItem",
        "{'TableName':'orders','Item':{'pk':{'S':'a'},'v':{'S':'1'},'ttl':{'N':'"
            + (db.now().getEpochSecond() + 60)
            + "'}}}");
    db.pass(Duration.ofHours(1));
    long moment = db.now().getEpochSecond();
    db.pass(Duration.ofHours(1));
    assertThat(restoreTo(moment).status()).isEqualTo(200);
    db.pass(Duration.ofMinutes(10));
    assertThat(db.get(HOME, "copy", "a")).isEmpty();
  }

  @Test
  void aTableIsRestoredToAMoment() {
    db.refused(
        "RestoreTableToPointInTime",
        "{'SourceTableName':'orders','TargetTableName':'copy','UseLatestRestorableTime':true}",
        "PointInTimeRecoveryUnavailableException",
        "Point in time recovery is not enabled for table 'orders'");
    db.put(HOME, "orders", "before", "0");
    JsonNode continuous =
        db.ok(
                "UpdateContinuousBackups",
                "{'TableName':'orders','PointInTimeRecoverySpecification':"
                    + "{'PointInTimeRecoveryEnabled':true,'RecoveryPeriodInDays':7}}")
            .at("/ContinuousBackupsDescription/PointInTimeRecoveryDescription");
    assertThat(continuous.get("PointInTimeRecoveryStatus").asText()).isEqualTo("ENABLED");
    assertThat(continuous.get("RecoveryPeriodInDays").asInt()).isEqualTo(7);
    db.put(HOME, "orders", "a", "1");
    db.pass(Duration.ofMinutes(10));
    long moment = db.now().getEpochSecond();
    db.pass(Duration.ofMinutes(10));
    db.put(HOME, "orders", "a", "2");
    db.put(HOME, "orders", "b", "2");
    db.ok("DeleteItem", "{'TableName':'orders','Key':{'pk':{'S':'before'}}}");
    assertThat(
            db.reply(
                    HOME,
                    "RestoreTableToPointInTime",
                    "{'SourceTableName':'orders','TargetTableName':'copy','RestoreDateTime':"
                        + db.now().getEpochSecond()
                        + "}")
                .code())
        .isEqualTo("InvalidRestoreTimeException");
    db.ok(
        "RestoreTableToPointInTime",
        "{'SourceTableName':'orders','TargetTableName':'copy','RestoreDateTime':" + moment + "}");
    db.pass(Duration.ofMinutes(10));
    assertThat(db.get(HOME, "copy", "before")).isEqualTo("0");
    assertThat(db.get(HOME, "copy", "a")).isEqualTo("1");
    assertThat(db.get(HOME, "copy", "b")).isEmpty();
    db.ok(
        "RestoreTableToPointInTime",
        "{'SourceTableName':'orders','TargetTableName':'last','UseLatestRestorableTime':true}");
    db.pass(Duration.ofMinutes(10));
    assertThat(db.get(HOME, "last", "b")).isEqualTo("2");
    db.ok("DeleteTable", "{'TableName':'orders'}");
    db.seconds(60);
    JsonNode kept = db.ok("ListBackups", "{'BackupType':'SYSTEM'}").get("BackupSummaries");
    assertThat(kept.at("/0/BackupName").asText()).isEqualTo("orders$DeletedTableBackup");
    db.pass(Duration.ofDays(36));
    assertThat(db.ok("ListBackups", "{'BackupType':'SYSTEM'}").get("BackupSummaries")).isEmpty();
  }
}
