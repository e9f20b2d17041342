/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.BackupRun;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import io.clouddb.ResourceId;
import io.clouddb.backup.Backup;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.ProtectedInstance;
import io.clouddb.backup.Protection;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.InstanceState;
import io.clouddb.spi.BackupDriver;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.Workflow;
import java.util.List;
import java.util.Set;

/** How Cloud SQL takes and deletes backups. */
final class BackupWorkflows {
  private final Place place;
  private final BackupFinder finder;
  private final TheInstance atFirst;
  private final BackupCalls stepBackups;
  private final SqlAdminCalls steps;
  private final TheInstance instance;
  private final CloudSqlWorkflows instances;
  private final InstanceReader instanceReader;
  private final BackupReader reader;

  /**
   * Makes the workflows of one region.
   *
   * @param place project and region
   * @param finder looks for somebody who waits, with repetitions
   * @param calls makes requests for somebody who waits
   * @param stepBackups makes each request once, since a step is looked at again
   * @param steps makes each request once
   * @param instances how an instance's policy is changed
   */
  BackupWorkflows(
      Place place,
      BackupFinder finder,
      SqlAdminCalls calls,
      BackupCalls stepBackups,
      SqlAdminCalls steps,
      CloudSqlWorkflows instances) {
    this.place = place;
    this.finder = finder;
    this.atFirst = new TheInstance(calls, place.region());
    this.stepBackups = stepBackups;
    this.steps = steps;
    this.instance = new TheInstance(steps, place.region());
    this.instances = instances;
    this.instanceReader = new InstanceReader(place.project(), place.region());
    this.reader = new BackupReader(place);
  }

  Workflow<Backup> take() {
    return Workflow.of(BackupDriver.TAKE)
        .specification(BackupSpec.class)
        .customizable(Set.of(BackupRun.class))
        .creates()
        .prepare(this::prepareTaking)
        .step(new TakeStep(stepBackups, steps))
        .result(this::taken);
  }

  private OperationState prepareTaking(StepContext context) {
    DatabaseInstance found = atFirst.get(TakeStep.spec(context).source().orElseThrow());
    requireTakeable(found, context);
    return atFirst.noted(context, found);
  }

  private void requireTakeable(DatabaseInstance found, StepContext context) {
    BackupSpec spec = TakeStep.spec(context);
    // Made once already now, so that a customization that fails does so before anything is made.
    TakeStep.body(context);
    if (Replication.source(found).isPresent()) {
      throw refused(
          context,
          found.getName()
              + " is a replica: \"Backups aren't available for replica instances\", says Cloud SQL",
          "Take a backup of " + Replication.source(found).orElseThrow() + ", which it follows.");
    }
    InstanceState state = InstanceReader.state(found);
    if (state == InstanceState.STOPPED || state == InstanceState.FAILED) {
      throw refused(
          context,
          found.getName() + " does not run, and Cloud SQL backs up what runs",
          state == InstanceState.STOPPED
              ? "Start it first."
              : "Restore a backup or a moment that there is.");
    }
    BackupId wanted = new BackupId(found.getName(), spec.name());
    boolean taken =
        finder.of(found.getName()).stream().anyMatch(each -> BackupId.of(each).equals(wanted));
    if (taken) {
      throw TakeStep.nameTaken(wanted, context);
    }
  }

  private static CloudDbException refused(StepContext context, String what, String instead) {
    return ErrorDetails.of(ErrorCategory.CONDITION_FAILED, what)
        .resource(context.resource().toString())
        .nextStep(instead)
        .toException();
  }

  private Backup taken(StepContext context) {
    return stepBackups
        .find(context.value(TakeStep.BACKUP).orElseThrow())
        .map(reader::read)
        .orElseThrow(
            () ->
                ErrorDetails.of(
                        ErrorCategory.NOT_FOUND,
                        "The backup "
                            + TakeStep.spec(context).name()
                            + " was taken, and is gone again")
                    .resource(context.resource().toString())
                    .toException());
  }

  Workflow<ProtectedInstance> protect() {
    return Workflow.of(BackupDriver.PROTECT)
        .specification(Protection.class)
        .customizable(Set.of(DatabaseInstance.class, BackupRun.class))
        .undoes()
        .prepare(this::prepareProtection)
        .step(new ChangeStep(steps, instance))
        .step(new ReadyStep(instance))
        .step(new TakeStep(stepBackups, steps))
        // A policy of Cloud SQL's is in force with the patch that sets it.
        .result(
            context ->
                new ProtectedInstance(
                    instanceReader.read(instance.get(context)), taken(context), List.of()));
  }

  private OperationState prepareProtection(StepContext context) {
    OperationState state = instances.prepareChange(context);
    requireTakeable(atFirst.get(context), context);
    return state;
  }

  Workflow<ResourceId> delete() {
    return Workflow.of(BackupDriver.DELETE)
        .prepare(this::prepareDeletion)
        .step(new DeleteBackupStep(stepBackups, steps))
        .result(StepContext::resource);
  }

  private OperationState prepareDeletion(StepContext context) {
    var found =
        finder
            .find(context.resource())
            .orElseThrow(
                () ->
                    ErrorDetails.of(
                            ErrorCategory.NOT_FOUND,
                            "There is no backup " + context.name() + " in " + place.region())
                        .resource(context.resource().toString())
                        .nextStep("List those that there are: backups().list(BackupQuery.all()).")
                        .toException());
    if (BackupReader.state(found) == Backup.State.CREATING) {
      throw refused(
          context,
          context.name() + " is still being made",
          "Wait until it is there: its state tells, or the operation that takes it.");
    }
    if (BackupReader.origin(found) == Backup.Origin.AUTOMATIC) {
      // Cloud SQL would take it, and the moments before the next one would go with it.
      throw refused(
          context,
          context.name()
              + " was taken by Cloud SQL itself, and goes by the policy of "
              + BackupId.instance(found),
          (found.getInstanceDeletionTime() == null
                  ? "Change how many of them it keeps: BackupPolicy.retainDays(...)."
                  : "Wait: of those that a deleted instance has left, Cloud SQL deletes one a day.")
              + " Google's own client deletes a single one: backups().deleteBackup(...) of"
              + " unwrap(SQLAdmin.class).");
    }
    return context.state().with(TakeStep.BACKUP, found.getName());
  }
}
