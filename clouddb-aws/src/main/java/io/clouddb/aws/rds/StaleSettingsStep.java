/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBInstanceAutomatedBackup;

/**
 * Removes from the automated backups of an instance what an attempt before, which nobody has ended,
 * has kept there: RDS only adds tags, and the instance may be another one since.
 */
final class StaleSettingsStep extends InstanceStep {
  private final LastingBackups backups;

  StaleSettingsStep(RdsCalls rds) {
    super("stale settings", rds);
    this.backups = new LastingBackups(rds);
  }

  /**
   * What is to be removed.
   *
   * @param arn the automated backups
   * @param keys the keys of tags, one at least
   */
  private record Stale(String arn, Set<String> keys) {}

  private Optional<Stale> find(StepContext context, DBInstance instance) {
    return backups
        .of(context, instance)
        .map(backup -> stale(context, instance, backup))
        .filter(stale -> !stale.keys().isEmpty());
  }

  private static Stale stale(
      StepContext context, DBInstance instance, DBInstanceAutomatedBackup backup) {
    Map<String, String> there = RdsCalls.tags(backup.tagList());
    Set<String> keys = KeptSettings.keys(there);
    // Of the same key, the value is replaced.
    keys.removeAll(KeptSettings.tags(instance, context.resource(), there).keySet());
    return new Stale(backup.dbInstanceAutomatedBackupsArn(), keys);
  }

  private Optional<Stale> stale(StepContext context) {
    return backups.instance(context).flatMap(instance -> find(context, instance));
  }

  @Override
  public Look look(StepContext context) {
    return answered(context) || stale(context).isEmpty() ? Look.happened() : Look.missing();
  }

  @Override
  public Begun begin(StepContext context) {
    stale(context).ifPresent(stale -> rds.removeTags(stale.arn(), context.name(), stale.keys()));
    return answered(context, "what was kept before is removed");
  }

  @Override
  public boolean guarded(StepContext context) {
    return true;
  }
}
