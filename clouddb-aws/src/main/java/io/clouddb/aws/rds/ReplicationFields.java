/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import static io.clouddb.backup.BackupField.REPLICATION;
import static io.clouddb.backup.BackupField.REPLICATION_KEY;
import static io.clouddb.backup.BackupField.REPLICATION_RETENTION;

import io.clouddb.ResourceId;
import io.clouddb.spi.mapping.Condition;
import io.clouddb.spi.mapping.FieldRow;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.rds.model.DBSnapshot;
import software.amazon.awssdk.services.rds.model.StartDbInstanceAutomatedBackupsReplicationRequest;

/**
 * How automated backups are kept in another region: <em>StartDBInstanceAutomatedBackupsReplication
 * </em> in the RDS API Reference, and <em>Replicating automated backups to another AWS Region</em>
 * in the user guide.
 */
final class ReplicationFields {
  static final Class<StartDbInstanceAutomatedBackupsReplicationRequest.Builder> START =
      StartDbInstanceAutomatedBackupsReplicationRequest.Builder.class;

  private static final int MOST_RETENTION_DAYS = 35;

  private ReplicationFields() {}

  static List<FieldRow<?, DBSnapshot>> rows() {
    return List.of(source(), retention(), key());
  }

  /** The step itself writes it: the ARN, which a look gives. */
  private static FieldRow<ResourceId, DBSnapshot> source() {
    return FieldRow.<ResourceId, DBSnapshot>of(REPLICATION, ResourceId.class, "SourceDBInstanceArn")
        .only(
            "Of an instance in another region",
            (source, asked) ->
                source.location().equals(asked.facts(String.class))
                    ? Optional.of("its automated backups are in " + source.location() + " anyway")
                    : Optional.empty(),
            "cloud.in(region).backups().replicate(...), in the region that is to have them")
        .only(
            new Condition<>(
                "From a region in the same partition of AWS",
                Regions::isApart,
                (source, asked) ->
                    Regions.apart(
                        source.location(), asked.facts(String.class), "replicates nothing"),
                "an instance in the partition of this region"))
        .shown((source, asked) -> source.nativeId().orElse(source.name()))
        .to(START, (request, source, asked) -> request.sourceRegion(source.location()))
        .build();
  }

  private static FieldRow<Integer, DBSnapshot> retention() {
    return FieldRow.<Integer, DBSnapshot>of(
            REPLICATION_RETENTION, Integer.class, "BackupRetentionPeriod")
        .only(
            "At most " + MOST_RETENTION_DAYS + " days",
            (days, asked) ->
                days <= MOST_RETENTION_DAYS
                    ? Optional.empty()
                    : Optional.of(
                        "RDS keeps automated backups for at most " + MOST_RETENTION_DAYS + " days"),
            MOST_RETENTION_DAYS + " days, and copies of snapshots for what is to stay longer")
        .limit("retention.days.max", MOST_RETENTION_DAYS)
        .to(START, (request, days, asked) -> request.backupRetentionPeriod(days))
        .build();
  }

  private static FieldRow<String, DBSnapshot> key() {
    return FieldRow.<String, DBSnapshot>of(REPLICATION_KEY, String.class, "KmsKeyId")
        .only(
            "A key of this region",
            (key, asked) ->
                Regions.foreignKey(key, asked.facts(String.class), "what is kept with it"),
            (key, asked) -> "a key of " + asked.facts(String.class))
        .to(START, (request, key, asked) -> request.kmsKeyId(key))
        .build();
  }
}
