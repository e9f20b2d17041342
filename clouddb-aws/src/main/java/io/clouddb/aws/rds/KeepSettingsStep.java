/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.error.CloudDbException;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.rds.model.DBInstance;

/** Writes onto the automated backups of an instance what a restore of it needs, and RDS loses. */
final class KeepSettingsStep extends InstanceStep {
  private final LastingBackups backups;

  KeepSettingsStep(RdsCalls rds) {
    super("kept settings", rds);
    this.backups = new LastingBackups(rds);
  }

  @Override
  public Look look(StepContext context) {
    // A later instance of the same name is not the one that is to be deleted.
    Optional<DBInstance> instance =
        rds.find(context.name())
            .filter(one -> isThatOne(context, one))
            .filter(one -> !one.dbInstanceStatus().equals(RdsStates.DELETING));
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

  /** They do no harm there, and cost nothing. */
  @Override
  public String makes(StepContext context) {
    return "clouddb's tags on the automated backups of "
        + context.name()
        + ", as long as it has any; another attempt writes them anew";
  }
}
