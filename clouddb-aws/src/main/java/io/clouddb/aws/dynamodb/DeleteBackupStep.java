/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.error.NotFoundException;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;

/** Deletes the backup that was looked up before. */
final class DeleteBackupStep extends TableStep {
  DeleteBackupStep(RegionalCalls regions) {
    super("delete", regions);
  }

  private static String arn(StepContext context) {
    return context.value(TakeBackupStep.ARN).orElseThrow();
  }

  @Override
  public Look look(StepContext context) {
    return new BackupCalls(regions.home()).find(arn(context)).isEmpty()
        ? Look.happened()
        : Look.missing("is still there");
  }

  @Override
  public Begun begin(StepContext context) {
    try {
      new BackupCalls(regions.home()).delete(arn(context));
    } catch (NotFoundException e) {
      return Begun.done("gone");
    }
    return Begun.accepted("is being deleted");
  }

  @Override
  public boolean guarded(StepContext context) {
    return true;
  }
}
