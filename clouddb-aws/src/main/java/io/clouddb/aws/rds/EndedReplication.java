/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.ResourceId;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepContext;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.services.rds.model.DBInstanceAutomatedBackup;

/**
 * Which replicated automated backups an operation ends and deletes: those that it saw first, and
 * neither what a former instance of the name has left nor what is replicated later.
 */
final class EndedReplication {
  private static final String ARN = "replicated-arn";

  /** The operation that began the replication. */
  private static final String BEGUN_BY = "replicated-by";

  private EndedReplication() {}

  static Map<String, String> notes(DBInstanceAutomatedBackup backup) {
    Map<String, String> notes = new TreeMap<>();
    notes.put(Notes.SOURCE, backup.dbInstanceArn());
    notes.put(ARN, backup.dbInstanceAutomatedBackupsArn());
    begunBy(backup).ifPresent(id -> notes.put(BEGUN_BY, id));
    return notes;
  }

  static Optional<DBInstanceAutomatedBackup> find(
      AutomatedBackupCalls backups, StepContext context) {
    ResourceId source = ReplicationStep.source(context);
    String arn = context.value(ARN).orElseThrow();
    Optional<String> by = context.value(BEGUN_BY);
    return backups.of(source.name()).stream()
        .filter(backup -> AutomatedBackupView.isOf(backup, source))
        .filter(backup -> arn.equals(backup.dbInstanceAutomatedBackupsArn()))
        .filter(backup -> by.isEmpty() || begunBy(backup).or(() -> by).equals(by))
        .findFirst();
  }

  private static Optional<String> begunBy(DBInstanceAutomatedBackup backup) {
    return Optional.ofNullable(RdsCalls.tags(backup.tagList()).get(OperationState.CREATION_TAG));
  }
}
