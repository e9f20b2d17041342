/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.Backup;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import io.clouddb.ResourceId;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.Workflow;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How Cloud SQL does each kind of operation. It does one operation at a time on an instance: while
 * it does another one, a step waits.
 */
final class CloudSqlWorkflows {
  private static final Set<Class<?>> CUSTOMIZABLE = Set.of(DatabaseInstance.class);

  private final SqlAdminCalls calls;
  private final SqlAdminCalls steps;
  private final InstanceReader reader;
  private final String region;
  private final TheInstance atFirst;
  private final TheInstance instance;
  private final RoleChecks roles;
  private final BackupFinder backups;
  private final BackupFinder stepBackups;

  /**
   * Makes the workflows of one region.
   *
   * @param calls makes requests for somebody who waits, with repetitions
   * @param steps makes each request once, since a step is looked at again
   * @param reader reads what comes of them
   * @param replicas finds the replicas of an instance
   * @param backups finds the backups of an instance for somebody who waits
   * @param stepBackups finds them by one request a page, since a step is looked at again
   * @param region the region
   */
  CloudSqlWorkflows(
      SqlAdminCalls calls,
      SqlAdminCalls steps,
      InstanceReader reader,
      ReplicaList replicas,
      BackupFinder backups,
      BackupFinder stepBackups,
      String region) {
    this.calls = calls;
    this.steps = steps;
    this.reader = reader;
    this.region = region;
    this.atFirst = new TheInstance(calls, region);
    this.instance = new TheInstance(steps, region);
    this.roles = new RoleChecks(replicas);
    this.backups = backups;
    this.stepBackups = stepBackups;
  }

  Workflow<Instance> create() {
    return Workflow.of(InstanceDriver.CREATE)
        .specification(InstanceSpec.class)
        .customizable(CUSTOMIZABLE)
        .creates()
        .prepare(this::prepareCreation)
        .step(new InstanceInsertStep(steps, region))
        .step(new UserStep(steps, instance))
        .step(new DatabaseStep(steps, instance))
        .step(new ReadyStep(instance))
        .result(this::read);
  }

  private OperationState prepareCreation(StepContext context) {
    InstanceSpec spec = context.specification(InstanceSpec.class);
    // Read in any case, so that a missing one is noticed before there is an instance.
    context.secret(spec.admin().password().orElseThrow());
    InsertRequest.of(context, region);
    Optional<DatabaseInstance> holder = calls.find(context.name());
    if (holder.isPresent()) {
      throw TakenName.by(context.name(), holder, region, null);
    }
    return context.state();
  }

  Workflow<Instance> modify() {
    return Workflow.of(InstanceDriver.MODIFY)
        .specification(InstanceChange.class)
        .customizable(CUSTOMIZABLE)
        .prepare(this::prepareChange)
        .step(new ChangeStep(steps, instance))
        .step(new PasswordStep(steps, instance))
        .step(new ReadyStep(instance))
        .result(this::read);
  }

  OperationState prepareChange(StepContext context) {
    InstanceChange change = PatchRequest.change(context);
    // Read already now, so that a missing one is noticed before anything has changed.
    change.adminPassword().ifPresent(context::secret);
    DatabaseInstance patch = PatchRequest.of(context);
    DatabaseInstance current = atFirst.get(context);
    KeptLogs.checkEdition(change, patch, current);
    KeptLogs.checkBackups(change, patch, current);
    SmallerDisk.check(patch, current);
    roles.change(current, change, patch, context.resource());
    change
        .backups()
        .ifPresent(
            policy -> DiscardedBackups.requireConsent(policy, patch, current, context.resource()));
    boolean starts =
        patch.getSettings() != null && patch.getSettings().getActivationPolicy() != null;
    if (change.adminPassword().isPresent() && !starts) {
      StateChecks.requireRunning(current, context.resource());
    }
    OperationState state = atFirst.noted(context, current);
    return patch.isEmpty() ? state : state.with(ChangeStep.PATCHED, "true");
  }

  Workflow<Instance> start() {
    return Workflow.of(InstanceDriver.START)
        .prepare(context -> atFirst.noted(context, atFirst.get(context)))
        .step(new StartStep(steps, instance))
        .step(new ReadyStep(instance))
        .result(this::read);
  }

  Workflow<Instance> stop() {
    return Workflow.of(InstanceDriver.STOP)
        .prepare(this::prepareStop)
        .step(new StopStep(steps, instance))
        .step(new ReadyStep(instance))
        .result(this::read);
  }

  private OperationState prepareStop(StepContext context) {
    DatabaseInstance found = atFirst.get(context);
    roles.stop(found, context.resource());
    return atFirst.noted(context, found);
  }

  /** One that was to keep its backups when it is deleted does so no more. */
  Workflow<ResourceId> delete() {
    return Workflow.of(InstanceDriver.DELETE)
        .undoes()
        .prepare(this::prepareDeletion)
        .step(new ReleaseStep(steps, instance))
        .step(new DeleteStep(steps, instance))
        .result(StepContext::resource);
  }

  /** Cloud SQL keeps those by hand too, and the logs, where the instance says so. */
  Workflow<ResourceId> deleteKeepingBackups() {
    return Workflow.of(InstanceDriver.DELETE_KEEPING_BACKUPS)
        .undoes()
        .prepare(this::prepareKeepingDeletion)
        .step(new RetainStep(steps, instance))
        .step(new DeleteStep(steps, instance))
        .step(new LeftBackupsStep(stepBackups))
        .result(StepContext::resource);
  }

  private OperationState prepareKeepingDeletion(StepContext context) {
    DatabaseInstance found = deletable(context);
    KeptBackups.requirePossible(found, context);
    List<Backup> all = backups.of(context.name());
    KeptBackups.require(all, context);
    return KeptBackups.notedDeletions(atFirst.noted(context, found), all);
  }

  private OperationState prepareDeletion(StepContext context) {
    DatabaseInstance found = deletable(context);
    return KeptBackups.noted(atFirst.noted(context, found), found);
  }

  private DatabaseInstance deletable(StepContext context) {
    DatabaseInstance found = atFirst.get(context);
    StateChecks.protection(found, context.resource())
        .ifPresent(
            protection -> {
              throw protection;
            });
    roles.deletion(found, context.resource());
    return found;
  }

  private Instance read(StepContext context) {
    return reader.read(instance.get(context));
  }
}
