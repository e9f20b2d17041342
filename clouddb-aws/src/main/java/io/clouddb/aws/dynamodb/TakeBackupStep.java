/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.backup.BackupSpec;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.Undone;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.BackupDescription;
import software.amazon.awssdk.services.dynamodb.model.BackupStatus;
import software.amazon.awssdk.services.dynamodb.model.BackupSummary;

/**
 * Takes a backup and waits for it. A backup has no tags, so that one whose answer was lost is known
 * again by its name, which was free before, and by its time.
 */
final class TakeBackupStep extends TableStep {
  static final String NAME = "backup";

  /** The ARN that DynamoDB has given it. */
  static final String ARN = "backup-arn";

  /** Between the clocks of here and there. */
  private static final Duration SKEW = Duration.ofMinutes(1);

  TakeBackupStep(RegionalCalls regions) {
    super(NAME, regions);
  }

  private static BackupSpec spec(StepContext context) {
    return context.specification(BackupSpec.class);
  }

  private static String table(StepContext context) {
    return spec(context).source().orElseThrow().name();
  }

  private BackupCalls backups() {
    return new BackupCalls(regions.home());
  }

  static CloudDbException exists(StepContext context) {
    return ErrorDetails.of(
            ErrorCategory.ALREADY_EXISTS,
            "There is a backup " + spec(context).name() + " of " + table(context) + " already")
        .resource(context.resource().toString())
        .nextStep("Choose another name; look at the existing one by backups().find(...).")
        .toException();
  }

  @Override
  public Look look(StepContext context) {
    Optional<String> arn = context.value(ARN);
    if (arn.isPresent()) {
      Optional<BackupDescription> found = backups().find(arn.get());
      return found.isEmpty()
          ? Look.missing("not visible yet")
          : look(found.get().backupDetails().backupStatus(), arn.get());
    }
    Optional<BackupSummary> found = backups().newest(table(context), spec(context).name());
    if (found.isEmpty()) {
      return Look.missing();
    }
    boolean own =
        (context.asked() || context.resumed())
            && !found
                .get()
                .backupCreationDateTime()
                .isBefore(context.state().started().minus(SKEW));
    return own
        ? look(found.get().backupStatus(), found.get().backupArn())
        : Look.failed(exists(context));
  }

  private static Look look(BackupStatus status, String arn) {
    return status == BackupStatus.CREATING
        ? new Look.Going("is being taken", null, Map.of(ARN, arn))
        : Look.found(Map.of(ARN, arn));
  }

  @Override
  public Begun begin(StepContext context) {
    String arn = backups().take(table(context), spec(context).name()).backupArn();
    return Begun.accepted("is being taken").noting(Map.of(ARN, arn));
  }

  @Override
  public String makes(StepContext context) {
    return "the backup " + spec(context).name() + " of " + table(context);
  }

  /** It is whole once it is there, and may be all that is left of a table. */
  @Override
  public Undone undo(StepContext context) {
    return Undone.stays(makes(context));
  }
}
