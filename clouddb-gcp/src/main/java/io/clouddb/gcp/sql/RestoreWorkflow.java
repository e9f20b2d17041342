/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.Backup;
import com.google.api.services.sqladmin.model.CloneContext;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import io.clouddb.ResourceId;
import io.clouddb.backup.RestorableWindow;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.Instance;
import io.clouddb.spi.BackupDriver;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.Workflow;
import java.util.Optional;
import java.util.Set;

/** How Cloud SQL makes a new instance of a backup, or of an instance at a moment. */
final class RestoreWorkflow {
  private final Place place;
  private final SqlAdminCalls calls;
  private final BackupFinder finder;
  private final RecoveryWindow windows;
  private final BackupCalls stepBackups;
  private final SqlAdminCalls steps;

  /**
   * Makes the workflow of one region.
   *
   * @param place project and region
   * @param calls makes requests for somebody who waits, with repetitions
   * @param finder looks for backups for somebody who waits
   * @param windows tells moments to somebody who waits
   * @param stepBackups makes each request once, since a step is looked at again
   * @param steps makes each request once
   */
  RestoreWorkflow(
      Place place,
      SqlAdminCalls calls,
      BackupFinder finder,
      RecoveryWindow windows,
      BackupCalls stepBackups,
      SqlAdminCalls steps) {
    this.place = place;
    this.calls = calls;
    this.finder = finder;
    this.windows = windows;
    this.stepBackups = stepBackups;
    this.steps = steps;
  }

  Workflow<Instance> restore() {
    TheInstance instance = new TheInstance(steps, place.region());
    InstanceReader reader = new InstanceReader(place.project(), place.region());
    return Workflow.of(BackupDriver.RESTORE)
        .specification(RestoreSpec.class)
        .customizable(Set.of(DatabaseInstance.class, CloneContext.class))
        .creates()
        .prepare(this::prepare)
        .step(new RestoreStep(steps, stepBackups, place))
        .step(new LoadStep(stepBackups, steps, instance))
        .step(new LoadedPolicyStep(steps, instance))
        .step(new CloneSettingsStep(steps, instance))
        .step(new ReadyStep(instance))
        .result(context -> reader.read(instance.get(context)));
  }

  private OperationState prepare(StepContext context) {
    RestoreSpec spec = context.specification(RestoreSpec.class);
    Optional<DatabaseInstance> holder = calls.find(context.name());
    if (holder.isPresent()) {
      throw TakenName.by(context.name(), holder, place.region(), null);
    }
    return spec.backup().isPresent()
        ? prepareBackup(context, spec, spec.backup().get())
        : prepareMoment(context, spec);
  }

  private OperationState prepareBackup(StepContext context, RestoreSpec spec, ResourceId id) {
    RestoreRequest.requireNoClone(context);
    Backup backup =
        finder
            .find(id)
            .orElseThrow(
                () ->
                    notFound(
                        id,
                        "There is no backup " + id.name() + " in " + id.location(),
                        "List those that there are: backups().list(BackupQuery.all())."));
    RestoreChecks.of(spec, place, backup)
        .ifPresent(
            wrong -> {
              throw wrong;
            });
    // Made once already now, so that a customization that fails does so before anything is made.
    DatabaseInstance body = RestoreRequest.of(context, place, backup);
    Labels.requireRoom(body, context.name());
    return RestoreRequest.noted(context.state().with(TakeStep.BACKUP, backup.getName()), body);
  }

  private OperationState prepareMoment(StepContext context, RestoreSpec spec) {
    ResourceId id = spec.source();
    RecoveryWindow.Source source =
        windows
            .source(id)
            .orElseThrow(
                () ->
                    notFound(
                        id,
                        "There is no instance "
                            + id.name()
                            + " in "
                            + id.location()
                            + ", nor a backup of it that was retained when it was deleted",
                        "Look which there are by instances().list() and backups().list(...)."));
    RestorableWindow window = windows.of(id, source);
    RestoreChecks.of(spec, source, window)
        .ifPresent(
            wrong -> {
              throw wrong;
            });
    String moment = spec.moment().or(window::latest).orElseThrow().toString();
    StepContext known = context.with(new OwnClone(calls).noted(context));
    StepContext noted = context.with(CloneRequest.noted(known.state(), moment, source));
    // Both made once already now, so that a customization that fails does so before anything.
    CloneRequest.of(noted);
    DatabaseInstance clone = source.instance().clone();
    Labels.requireRoom(CloneRequest.settings(noted, clone), context.name());
    return noted.state();
  }

  private static CloudDbException notFound(ResourceId id, String what, String instead) {
    return ErrorDetails.of(ErrorCategory.NOT_FOUND, what)
        .resource(id.toString())
        .nextStep(instead)
        .toException();
  }
}
