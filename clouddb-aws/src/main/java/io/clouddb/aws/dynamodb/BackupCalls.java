/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.Page;
import io.clouddb.error.NotFoundException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.BackupDescription;
import software.amazon.awssdk.services.dynamodb.model.BackupDetails;
import software.amazon.awssdk.services.dynamodb.model.BackupStatus;
import software.amazon.awssdk.services.dynamodb.model.BackupSummary;
import software.amazon.awssdk.services.dynamodb.model.BackupTypeFilter;
import software.amazon.awssdk.services.dynamodb.model.ListBackupsResponse;
import software.amazon.awssdk.services.dynamodb.model.RestoreTableFromBackupRequest;
import software.amazon.awssdk.services.dynamodb.model.RestoreTableToPointInTimeRequest;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/** The requests about backups of tables in one region. */
final class BackupCalls {
  private static final int PAGE_SIZE = 100;

  private final ControlCalls calls;

  BackupCalls(ControlCalls calls) {
    this.calls = calls;
  }

  /** A page of those of a table, or of all; also of a table that is gone. */
  Page<BackupSummary> page(@Nullable String table, @Nullable String after) {
    ListBackupsResponse page =
        calls.read(
            "ListBackups",
            table == null ? "-" : table,
            () ->
                ControlCalls.answered(
                    calls
                        .client()
                        .listBackups(
                            request ->
                                request
                                    .tableName(table)
                                    .backupType(BackupTypeFilter.ALL)
                                    .exclusiveStartBackupArn(after)
                                    .limit(PAGE_SIZE))));
    return new Page<>(page.backupSummaries(), page.lastEvaluatedBackupArn());
  }

  /** The newest of a name: DynamoDB lets several have the same. */
  Optional<BackupSummary> newest(String table, String name) {
    BackupSummary newest = null;
    String after = null;
    do {
      Page<BackupSummary> page = page(table, after);
      for (BackupSummary one : page.items()) {
        if (one.backupName().equals(name)
            && one.backupStatus() != BackupStatus.DELETED
            && (newest == null
                || one.backupCreationDateTime().isAfter(newest.backupCreationDateTime()))) {
          newest = one;
        }
      }
      after = page.nextToken();
    } while (after != null);
    return Optional.ofNullable(newest);
  }

  Optional<BackupDescription> find(String arn) {
    try {
      return Optional.ofNullable(
              calls.read(
                  "DescribeBackup",
                  arn,
                  () ->
                      ControlCalls.answered(
                              calls.client().describeBackup(request -> request.backupArn(arn)))
                          .backupDescription()))
          .filter(found -> found.backupDetails().backupStatus() != BackupStatus.DELETED);
    } catch (NotFoundException e) {
      return Optional.empty();
    }
  }

  BackupDetails take(String table, String name) {
    return calls
        .answer(
            "CreateBackup",
            table,
            () -> calls.client().createBackup(request -> request.tableName(table).backupName(name)))
        .backupDetails();
  }

  void delete(String arn) {
    // What the service answers is looked at by the next look.
    Object unused =
        calls.answer(
            "DeleteBackup",
            arn,
            () -> calls.client().deleteBackup(request -> request.backupArn(arn)));
  }

  Optional<TableDescription> restore(RestoreTableFromBackupRequest request) {
    return Optional.ofNullable(
        calls
            .answer(
                "RestoreTableFromBackup",
                request.targetTableName(),
                () -> calls.client().restoreTableFromBackup(request))
            .tableDescription());
  }

  Optional<TableDescription> restore(RestoreTableToPointInTimeRequest request) {
    return Optional.ofNullable(
        calls
            .answer(
                "RestoreTableToPointInTime",
                request.targetTableName(),
                () -> calls.client().restoreTableToPointInTime(request))
            .tableDescription());
  }
}
