/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.FeatureContext;
import io.clouddb.ResourceId;
import io.clouddb.Support;
import io.clouddb.backup.Backup;
import io.clouddb.backup.BackupField;
import io.clouddb.backup.BackupReplicationSpec;
import io.clouddb.backup.BackupSpec;
import io.clouddb.instance.Engine;
import io.clouddb.plan.Plan;
import io.clouddb.plan.Specification;
import io.clouddb.spi.mapping.Asked;
import io.clouddb.spi.mapping.FieldTable;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.rds.model.CopyDbSnapshotRequest;
import software.amazon.awssdk.services.rds.model.CreateDbSnapshotRequest;
import software.amazon.awssdk.services.rds.model.DBSnapshot;
import software.amazon.awssdk.services.rds.model.StartDbInstanceAutomatedBackupsReplicationRequest;

/** What becomes of each field of a backup: in its plan, in its request and in the capabilities. */
class SnapshotFieldsTest {
  private static final String HOME = "ap-northeast-2";
  private static final String AWAY = "eu-west-1";
  private static final String ARN = "arn:aws:rds:" + HOME + ":1:snapshot:before-release";
  private static final FieldTable<DBSnapshot> TABLE = SnapshotFields.table("aws");
  private static final ResourceId ORDERS = ResourceId.of("aws", "1", HOME, "instance", "orders");
  private static final ResourceId BACKUP =
      ResourceId.of("aws", "1", HOME, "backup", "before-release").withNativeId(ARN);

  private static BackupSpec take() {
    return BackupSpec.named("b-1").of(ORDERS, HOME);
  }

  private static BackupSpec copy(String region) {
    return BackupSpec.named("b-1").of(BACKUP, region);
  }

  private static Plan plan(Specification spec, String region) {
    return TABLE.plan(new Asked(spec, region));
  }

  private static String entry(Plan plan, BackupField field) {
    return plan.entries().stream()
        .filter(entry -> entry.field() == field)
        .map(Plan.Entry::toString)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aSnapshotIsTakenAsThePlanSays() {
    BackupSpec spec = take().tag("Type", "Manual");
    Plan plan = plan(spec, HOME);
    assertThat(plan.feasible()).as("%s", plan).isTrue();
    assertThat(entry(plan, BackupField.NAME)).endsWith("DBSnapshotIdentifier = b-1");
    assertThat(entry(plan, BackupField.TAKE)).endsWith("DBInstanceIdentifier = orders");
    assertThat(
            RequestMembers.of(
                TABLE
                    .write(
                        SnapshotFields.CREATE,
                        CreateDbSnapshotRequest.builder(),
                        new Asked(spec, HOME))
                    .build()))
        .containsOnly(
            Map.entry("DBSnapshotIdentifier", "b-1"),
            Map.entry("DBInstanceIdentifier", "orders"),
            Map.entry("Tags", "[Tag(Key=Type, Value=Manual)]"));
  }

  @Test
  void aCopyComesFromAnotherRegionWithItsKey() {
    String key = "arn:aws:kms:" + AWAY + ":1:key/k";
    BackupSpec spec = copy(AWAY).encryptionKey(key);
    Plan plan = plan(spec, AWAY);
    assertThat(plan.feasible()).as("%s", plan).isTrue();
    assertThat(entry(plan, BackupField.NAME)).endsWith("TargetDBSnapshotIdentifier = b-1");
    assertThat(entry(plan, BackupField.COPY)).endsWith("SourceDBSnapshotIdentifier = " + ARN);
    assertThat(entry(plan(copy(HOME), HOME), BackupField.COPY))
        .as("beside it by its name")
        .endsWith("SourceDBSnapshotIdentifier = before-release");
    // The source goes in where its name or its ARN is known.
    assertThat(
            RequestMembers.of(
                TABLE
                    .write(
                        SnapshotFields.COPIES,
                        CopyDbSnapshotRequest.builder(),
                        new Asked(spec, AWAY))
                    .build()))
        .containsOnly(
            Map.entry("TargetDBSnapshotIdentifier", "b-1"),
            Map.entry("KmsKeyId", key),
            Map.entry("SourceRegion", HOME));
  }

  @Test
  void whatRdsDoesNotDoIsRefusedWithAnotherWay() {
    assertThat(entry(plan(take().encryptionKey("k"), HOME), BackupField.ENCRYPTION_KEY))
        .contains("CreateDBSnapshot has no member KmsKeyId", "backups().copy(...)");
    assertThat(
            entry(
                plan(copy(HOME).encryptionKey("arn:aws:kms:eu-west-1:1:key/k"), HOME),
                BackupField.ENCRYPTION_KEY))
        .contains("the key is of eu-west-1, and the copy is in ap-northeast-2");
    assertThat(entry(plan(take().of(ORDERS, AWAY), AWAY), BackupField.OTHER_REGION))
        .contains("in the region of its instance, ap-northeast-2");
    assertThat(entry(plan(copy("cn-north-1"), "cn-north-1"), BackupField.OTHER_REGION))
        .contains("RDS copies no snapshot from there into aws-cn");
    assertThat(entry(plan(take().sharedWith("2"), HOME), BackupField.SHARING))
        .contains("USER_ShareSnapshot.html", "modifyDBSnapshotAttribute");
    assertThat(entry(plan(take().exportedTo("s3://b"), HOME), BackupField.EXPORT))
        .contains("USER_ExportSnapshot.html", "startExportTask");
    assertThat(entry(plan(take().tag("aws:a", "b"), HOME), BackupField.TAGS))
        .contains("begins with aws:");
  }

  @Test
  void automatedBackupsAreReplicatedAsThePlanSays() {
    String key = "arn:aws:kms:" + AWAY + ":1:key/k";
    BackupReplicationSpec spec =
        BackupReplicationSpec.replicated().of(ORDERS).retainDays(35).encryptionKey(key);
    assertThat(plan(spec, AWAY).feasible()).isTrue();
    assertThat(
            RequestMembers.of(
                TABLE
                    .write(
                        ReplicationFields.START,
                        StartDbInstanceAutomatedBackupsReplicationRequest.builder(),
                        new Asked(spec, AWAY))
                    .build()))
        .containsOnly(
            Map.entry("BackupRetentionPeriod", "35"),
            Map.entry("KmsKeyId", key),
            Map.entry("SourceRegion", HOME));
    assertThat(entry(plan(spec.retainDays(36), AWAY), BackupField.REPLICATION_RETENTION))
        .contains("at most 35 days");
    assertThat(entry(plan(spec, HOME), BackupField.REPLICATION))
        .contains("its automated backups are in ap-northeast-2 anyway");
    assertThat(entry(plan(spec, "us-east-1"), BackupField.REPLICATION_KEY))
        .contains("the key is of eu-west-1");
    assertThat(entry(plan(spec, "us-gov-west-1"), BackupField.REPLICATION))
        .contains("RDS replicates nothing from there into aws-us-gov");
  }

  @ParameterizedTest
  @EnumSource(BackupField.class)
  void capabilitiesSayTheSame(BackupField field) {
    Support support = TABLE.support(field, FeatureContext.of(Engine.POSTGRESQL));
    boolean lacking = Set.of(BackupField.SHARING, BackupField.EXPORT).contains(field);
    assertThat(support.answer() == Support.Answer.NO).isEqualTo(lacking);
  }

  @ParameterizedTest
  @CsvSource({
    "available, AVAILABLE",
    "creating, CREATING",
    "pending, CREATING",
    "copying, CREATING",
    "deleting, DELETING",
    "failed, FAILED",
    "something-new, UNKNOWN"
  })
  void statesInPortableTerms(String status, Backup.State state) {
    SnapshotView view = new SnapshotView("aws", HOME, () -> "1");
    assertThat(
            view.backup(
                    DBSnapshot.builder()
                        .dbSnapshotIdentifier("b-1")
                        .status(status)
                        .dbSnapshotArn(ARN)
                        .build())
                .state())
        .isEqualTo(state);
  }
}
