/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import static io.clouddb.backup.BackupField.COPY;
import static io.clouddb.backup.BackupField.ENCRYPTION_KEY;
import static io.clouddb.backup.BackupField.EXPORT;
import static io.clouddb.backup.BackupField.NAME;
import static io.clouddb.backup.BackupField.OTHER_REGION;
import static io.clouddb.backup.BackupField.SHARING;
import static io.clouddb.backup.BackupField.TAGS;
import static io.clouddb.backup.BackupField.TAKE;

import io.clouddb.ResourceId;
import io.clouddb.spi.mapping.Condition;
import io.clouddb.spi.mapping.FieldRow;
import io.clouddb.spi.mapping.FieldTable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.rds.model.CopyDbSnapshotRequest;
import software.amazon.awssdk.services.rds.model.CreateDbSnapshotRequest;
import software.amazon.awssdk.services.rds.model.DBSnapshot;

/**
 * How backups by hand become DB snapshots: <em>CreateDBSnapshot</em> and <em>CopyDBSnapshot</em> in
 * the RDS API Reference, <em>Creating a DB snapshot</em> and <em>Copying a DB snapshot</em> in the
 * user guide. What is known beside a spec is the region of the snapshot.
 */
final class SnapshotFields {
  static final Class<CreateDbSnapshotRequest.Builder> CREATE =
      CreateDbSnapshotRequest.Builder.class;
  static final Class<CopyDbSnapshotRequest.Builder> COPIES = CopyDbSnapshotRequest.Builder.class;

  private SnapshotFields() {}

  static FieldTable<DBSnapshot> table(String provider) {
    return FieldTable.of(
        provider,
        "RDS' snapshots",
        Stream.<List<FieldRow<?, DBSnapshot>>>of(
                List.of(
                    name(),
                    take(),
                    copy(),
                    otherRegion(),
                    encryptionKey(),
                    tags(),
                    sharing(),
                    export()),
                ReplicationFields.rows())
            .flatMap(List::stream)
            .toList());
  }

  private static FieldRow<String, DBSnapshot> name() {
    return FieldRow.<String, DBSnapshot>of(NAME, String.class, "DBSnapshotIdentifier")
        .vendorField(
            asked -> asked.has(COPY) ? "TargetDBSnapshotIdentifier" : "DBSnapshotIdentifier")
        .to(CREATE, (request, name, asked) -> request.dbSnapshotIdentifier(name))
        .to(COPIES, (request, name, asked) -> request.targetDBSnapshotIdentifier(name))
        .build();
  }

  private static FieldRow<ResourceId, DBSnapshot> take() {
    return FieldRow.<ResourceId, DBSnapshot>of(TAKE, ResourceId.class, "DBInstanceIdentifier")
        .shown((instance, asked) -> instance.name())
        .to(CREATE, (request, instance, asked) -> request.dbInstanceIdentifier(instance.name()))
        .build();
  }

  /** The step itself writes it: the name in the same region, else the ARN, which a look gives. */
  private static FieldRow<ResourceId, DBSnapshot> copy() {
    return FieldRow.<ResourceId, DBSnapshot>of(COPY, ResourceId.class, "SourceDBSnapshotIdentifier")
        .shown(
            (backup, asked) ->
                backup.location().equals(asked.facts(String.class))
                    ? backup.name()
                    : backup.nativeId().orElse(backup.name()))
        .build();
  }

  private static FieldRow<String, DBSnapshot> otherRegion() {
    return FieldRow.<String, DBSnapshot>of(OTHER_REGION, String.class, "SourceRegion")
        .only(
            "For a copy",
            (from, asked) ->
                asked.has(COPY)
                    ? Optional.empty()
                    : Optional.of("RDS takes a snapshot in the region of its instance, " + from),
            "take it there, and copy it by backups().copy(...)")
        .only(
            new Condition<>(
                "From a region in the same partition of AWS",
                Regions::isApart,
                (from, asked) ->
                    Regions.apart(from, asked.facts(String.class), "copies no snapshot"),
                "a snapshot in the partition of the copy's region"))
        .to(COPIES, (request, from, asked) -> request.sourceRegion(from))
        .build();
  }

  private static FieldRow<String, DBSnapshot> encryptionKey() {
    return FieldRow.<String, DBSnapshot>of(ENCRYPTION_KEY, String.class, "KmsKeyId")
        .only(
            "For a copy; a snapshot that is taken has its instance's key",
            (key, asked) ->
                asked.has(COPY)
                    ? Optional.empty()
                    : Optional.of(
                        "RDS encrypts a snapshot with its instance's key: CreateDBSnapshot has no"
                            + " member KmsKeyId"),
            "take it without, and copy it with the key by backups().copy(...)")
        .only(
            "A key of the copy's region",
            (key, asked) -> Regions.foreignKey(key, asked.facts(String.class), "the copy"),
            (key, asked) -> "a key of " + asked.facts(String.class))
        .to(COPIES, (request, key, asked) -> request.kmsKeyId(key))
        .build();
  }

  private static FieldRow<Map<String, String>, DBSnapshot> tags() {
    return FieldRow.<Map<String, String>, DBSnapshot>of(TAGS, Texts.TYPE, "Tags")
        .only(
            "Letters, digits, spaces and + - = . _ : / @; none begins with aws: or rds:",
            (tags, asked) -> Tags.whyNot(tags),
            "another key or value")
        .limit("tags.max", Tags.MOST)
        .to(CREATE, (request, tags, asked) -> request.tags(Tags.of(tags)))
        .to(COPIES, (request, tags, asked) -> request.tags(Tags.of(tags)))
        .build();
  }

  private static FieldRow<String, DBSnapshot> sharing() {
    return FieldRow.<String, DBSnapshot>of(SHARING, String.class, "")
        .lacking(
            "this release shares nothing with another account: a shared snapshot hands out all data"
                + " of its instance, and RDS restores no encrypted one from the share itself"
                + " (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html)",
            "unwrap(RdsClient.class).modifyDBSnapshotAttribute(...), and a copy in that account");
  }

  private static FieldRow<String, DBSnapshot> export() {
    return FieldRow.<String, DBSnapshot>of(EXPORT, String.class, "")
        .lacking(
            "an export to S3 is Parquet files, from which RDS restores nothing"
                + " (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ExportSnapshot.html)",
            "unwrap(RdsClient.class).startExportTask(...) of the snapshot");
  }
}
