/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBInstanceAutomatedBackup;

/** Writes onto the automated backups of an instance what a restore of it needs, and RDS loses. */
final class KeepSettingsStep extends InstanceStep {
  private final AutomatedBackupCalls backups;

  KeepSettingsStep(RdsCalls rds) {
    super("kept settings", rds);
    this.backups = new AutomatedBackupCalls(rds);
  }

  private Optional<DBInstanceAutomatedBackup> its(StepContext context, DBInstance instance) {
    return AutomatedBackupView.of(
            backups.of(context.name()), context.resource(), instance.dbiResourceId())
        .filter(backup -> !AutomatedBackupView.isRetained(backup));
  }

  @Override
  public Look look(StepContext context) {
    // A later instance of the same name is not the one that is to be deleted.
    Optional<DBInstance> instance = rds.find(context.name()).filter(one -> isThatOne(context, one));
    Optional<DBInstanceAutomatedBackup> backup = instance.flatMap(one -> its(context, one));
    if (answered(context) || instance.isEmpty() || backup.isEmpty()) {
      return Look.happened();
    }
    Map<String, String> wanted = KeptSettings.tags(instance.get(), context.resource());
    return RdsCalls.tags(backup.get().tagList()).entrySet().containsAll(wanted.entrySet())
        ? Look.happened()
        : Look.missing();
  }

  @Override
  public Begun begin(StepContext context) {
    DBInstance instance = get(context);
    Map<String, String> wanted = KeptSettings.tags(instance, context.resource());
    its(context, instance)
        .ifPresent(
            backup -> rds.addTags(backup.dbInstanceAutomatedBackupsArn(), context.name(), wanted));
    return answered(context, "its settings are kept");
  }
}
