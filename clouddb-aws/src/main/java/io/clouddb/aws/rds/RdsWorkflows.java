/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.ResourceId;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.Workflow;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.CreateDbParameterGroupRequest;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBParameterGroupStatus;
import software.amazon.awssdk.services.rds.model.ModifyDbInstanceRequest;

/** The steps by which instances are made, changed, started, stopped and deleted. */
final class RdsWorkflows {
  private final String provider;
  private final RdsCalls checks;
  private final RdsCalls rds;
  private final RdsInstances instances;
  private final CreateInstanceStep create;

  /**
   * Makes them.
   *
   * @param provider the provider's id
   * @param checks for what is looked at before an operation, while the caller waits
   * @param rds for the steps, whose requests are made once each
   * @param instances what RDS says, in portable terms
   */
  RdsWorkflows(String provider, RdsCalls checks, RdsCalls rds, RdsInstances instances) {
    this.provider = provider;
    this.checks = checks;
    this.rds = rds;
    this.instances = instances;
    this.create = new CreateInstanceStep(provider, rds);
  }

  List<Workflow<?>> all() {
    return List.of(create(), modify(), start(), stop(), delete(), deleteKeepingBackups());
  }

  private Instance result(StepContext context) {
    return instances.toInstance(InstanceStep.get(context, rds));
  }

  private Workflow<Instance> create() {
    Function<StepContext, Optional<NewGroup>> group =
        context -> new CreateRequest(provider, context).group();
    return Workflow.of(InstanceDriver.CREATE)
        .specification(InstanceSpec.class)
        .customizable(
            List.of(
                CreateDbInstanceRequest.Builder.class, CreateDbParameterGroupRequest.Builder.class))
        .creates()
        .prepare(this::prepareCreation)
        .step(new ParameterGroupStep(rds, group))
        .step(new FillGroupStep(rds, group))
        .step(create)
        .step(new AvailableStep(rds))
        .step(new RestartStep(rds))
        .step(new ReadyStep(rds))
        .result(this::result);
  }

  private OperationState prepareCreation(StepContext context) {
    CreateRequest request = new CreateRequest(provider, context);
    var unusedRequest = request.build(null);
    // Read now as well, so that a missing or impossible one is found before anything is made.
    var unusedPassword =
        request.password().map(reference -> MasterPassword.read(reference, context::secret));
    create.requireFree(checks, context);
    return context.state();
  }

  private Workflow<Instance> modify() {
    Function<StepContext, Optional<NewGroup>> group =
        context -> new ModifyRequest(provider, context).group();
    return Workflow.of(InstanceDriver.MODIFY)
        .specification(InstanceChange.class)
        .customizable(List.of(ModifyDbInstanceRequest.Builder.class))
        .undoes()
        .prepare(this::prepareChange)
        .step(new ChangeableStep(provider, rds))
        .step(new ParameterGroupStep(rds, group))
        .step(new FillGroupStep(rds, group))
        .step(new ChangeParametersStep(provider, rds))
        .step(new TagsStep(rds))
        .step(new ModifyStep(provider, rds))
        .step(new AppliedStep(provider, rds))
        .step(new RestartStep(rds))
        .step(new ReadyStep(rds))
        .result(this::result);
  }

  private OperationState prepareChange(StepContext context) {
    ModifyRequest request = new ModifyRequest(provider, context);
    var unusedRequest = request.build();
    DBInstance current = checks.get(context.name());
    Tags.requireRoom(RdsCalls.tags(current.tagList()), request.change().tags(), context);
    OperationState fitted = Notes.identified(context.state().with(request.fit(current)), current);
    var unusedPassword =
        request
            .change()
            .adminPassword()
            .map(reference -> MasterPassword.read(reference, context::secret));
    return new ChangeableStep(provider, checks)
        .comparison(context.with(fitted), current)
        .map(fitted::with)
        .orElse(fitted);
  }

  private Workflow<Instance> start() {
    return Workflow.of(InstanceDriver.START)
        .prepare(context -> unlessFailed(context, StartStep::look))
        .step(new StartStep(rds))
        .result(this::result);
  }

  private Workflow<Instance> stop() {
    return Workflow.of(InstanceDriver.STOP)
        .prepare(context -> unlessFailed(context, StopStep::look))
        .step(new StopStep(rds))
        .result(this::result);
  }

  /** A state out of which nothing leads is told at once. */
  private OperationState unlessFailed(StepContext context, LookAtInstance look) {
    DBInstance instance = checks.get(context.name());
    if (look.at(context, instance) instanceof Look.Failed failed) {
      throw failed.why();
    }
    return Notes.identified(context.state(), instance);
  }

  private interface LookAtInstance {
    Look at(StepContext context, DBInstance instance);
  }

  private Workflow<ResourceId> delete() {
    return Workflow.of(InstanceDriver.DELETE)
        .prepare(this::prepareDeletion)
        .step(new DeleteStep(rds, false))
        .step(new NothingKeptStep(rds))
        .step(new DeleteGroupStep(rds))
        .result(StepContext::resource);
  }

  /** The parameter group stays as well: what is restored gets its parameters. */
  private Workflow<ResourceId> deleteKeepingBackups() {
    return Workflow.of(InstanceDriver.DELETE_KEEPING_BACKUPS)
        .undoes()
        .prepare(this::prepareKeepingDeletion)
        .step(new StaleSettingsStep(rds))
        .step(new KeepSettingsStep(rds))
        .step(new DeleteStep(rds, true))
        .step(new LeftBackupsStep(rds))
        .result(StepContext::resource);
  }

  private OperationState prepareKeepingDeletion(StepContext context) {
    DBInstance instance = deletable(context);
    LastingBackups backups = new LastingBackups(checks);
    Optional<CloudDbException> refusal = backups.refusal(context, instance);
    if (refusal.isPresent()) {
      throw refusal.get();
    }
    var unused = backups.settings(context, instance);
    OperationState state = Notes.identified(context.state(), instance);
    String group = ParameterComparison.group(instance);
    return ParameterGroups.isNamedAsMade(group) ? state.with(Notes.GROUP, group) : state;
  }

  private DBInstance deletable(StepContext context) {
    DBInstance instance = checks.get(context.name());
    if (Boolean.TRUE.equals(instance.deletionProtection())) {
      throw isProtected(context);
    }
    if (!instance.readReplicaDBInstanceIdentifiers().isEmpty()) {
      throw DeleteStep.hasReplicas(context, instance);
    }
    return instance;
  }

  private OperationState prepareDeletion(StepContext context) {
    DBInstance instance = deletable(context);
    OperationState state = Notes.identified(context.state(), instance);
    ParameterGroups groups = new ParameterGroups(checks);
    Optional<String> group =
        ParameterGroups.of(instance)
            .map(DBParameterGroupStatus::dbParameterGroupName)
            // A replica's is its source's, unless it was made for it.
            .filter(
                name ->
                    ReplicaView.isReplica(instance)
                        ? groups.isOwn(name, context.name())
                        : groups.isMade(name));
    return group.isPresent() ? state.with(Notes.GROUP, group.get()) : state;
  }

  private static CloudDbException isProtected(StepContext context) {
    return ErrorDetails.of(
            ErrorCategory.CONDITION_FAILED, context.name() + " is protected from deletion")
        .resource(context.resource().toString())
        .operation("rds.DeleteDBInstance")
        .nextStep("Switch the protection off by modify(...).deletionProtection(false) first.")
        .toException();
  }
}
