/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.error.CloudDbException;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.Undone;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBInstanceAutomatedBackup;

/** Writes onto the automated backups of an instance what a restore of it needs, and RDS loses. */
final class KeepSettingsStep extends InstanceStep {
  private final LastingBackups backups;

  KeepSettingsStep(RdsCalls rds) {
    super("kept settings", rds);
    this.backups = new LastingBackups(rds);
  }

  @Override
  public Look look(StepContext context) {
    Optional<DBInstance> instance = backups.instance(context);
    if (answered(context) || instance.isEmpty()) {
      return Look.happened();
    }
    Optional<CloudDbException> refusal = backups.refusal(context, instance.get());
    if (refusal.isPresent()) {
      return Look.failed(refusal.get());
    }
    Map<String, String> wanted = backups.settings(context, instance.get());
    return backups
            .of(context, instance.get())
            .filter(
                backup -> RdsCalls.tags(backup.tagList()).entrySet().containsAll(wanted.entrySet()))
            .isPresent()
        ? Look.happened()
        : Look.missing();
  }

  @Override
  public Begun begin(StepContext context) {
    DBInstance instance = get(context);
    Map<String, String> wanted = backups.settings(context, instance);
    backups
        .of(context, instance)
        .ifPresent(
            backup -> rds.addTags(backup.dbInstanceAutomatedBackupsArn(), context.name(), wanted));
    return answered(context, "its settings are kept");
  }

  @Override
  public String makes(StepContext context) {
    return "clouddb's tags on the automated backups of "
        + context.name()
        + ", by which a restore of them goes; another attempt writes them anew";
  }

  /**
   * Is the instance deleted by somebody else one day, they are not to tell what it was when this
   * operation failed. Where it may be on its way, they are needed.
   */
  @Override
  public Undone undo(StepContext context) {
    if (context.state().failure().filter(e -> !e.details().outcomeKnown()).isPresent()) {
      return Undone.stays(makes(context));
    }
    Optional<DBInstance> there = rds.find(context.name()).filter(i -> isThatOne(context, i));
    if (there.isEmpty()) {
      return Undone.gone();
    }
    if (RdsStates.DELETING.equals(there.get().dbInstanceStatus())) {
      return Undone.stays(makes(context));
    }
    backups.of(context, there.get()).ifPresent(backup -> remove(context, backup));
    return Undone.gone();
  }

  private void remove(StepContext context, DBInstanceAutomatedBackup backup) {
    Set<String> keys = KeptSettings.keys(RdsCalls.tags(backup.tagList()));
    if (!keys.isEmpty()) {
      rds.removeTags(backup.dbInstanceAutomatedBackupsArn(), context.name(), keys);
    }
  }
}
