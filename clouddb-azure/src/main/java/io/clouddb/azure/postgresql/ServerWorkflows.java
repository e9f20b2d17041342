/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.ServerForUpdate;
import io.clouddb.DataSize;
import io.clouddb.ResourceId;
import io.clouddb.azure.internal.ArmScope;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The steps of each kind of operation on a server and their order. Azure wants one request for the
 * server and one for each database, parameter and firewall rule.
 */
final class ServerWorkflows {
  private final ArmScope scope;
  private final ServerCalls reads;
  private final ServerCalls steps;
  private final Duration interval;
  private final CreationRequest creation;
  private final ReplicationRules replication;
  private final KeptBackups kept;

  /**
   * Makes the workflows.
   *
   * @param reads makes requests again that failed in passing: for what is checked first
   * @param steps makes each request once: the step machine asks again
   * @param replication what holds of servers that replicate each other
   * @param kept what a change of the retention may delete
   * @param interval the first pause before a request is sent again whose operation failed
   */
  ServerWorkflows(
      ArmScope scope,
      ServerCalls reads,
      ServerCalls steps,
      ReplicationRules replication,
      KeptBackups kept,
      Duration interval) {
    this.scope = scope;
    this.reads = reads;
    this.steps = steps;
    this.replication = replication;
    this.kept = kept;
    this.interval = interval;
    this.creation = new CreationRequest(scope);
  }

  List<Workflow<?>> all() {
    return List.of(create(), modify(), power(true), power(false), delete(), deleteKeeping());
  }

  private Workflow<Instance> create() {
    return Workflow.of(InstanceDriver.CREATE)
        .specification(InstanceSpec.class)
        .customizable(Set.of(ServerInner.class, ServerForUpdate.class))
        .creates()
        .prepare(this::prepareCreation)
        .step(
            new CreateServerStep(
                steps,
                context -> steps.create(context.name(), creation.body(context)),
                true,
                interval))
        .step(new DatabaseStep(steps, interval))
        .step(new FirewallRuleStep(steps, interval))
        .step(new MaintenanceStep(steps, interval))
        .step(new ParameterStep(steps, interval))
        .step(new RestartStep(steps, interval))
        .step(new ReadyStep(steps))
        .result(
            context ->
                instance(
                    context, context.specification(InstanceSpec.class).database().orElse(null)));
  }

  private Workflow<Instance> modify() {
    Workflow.Builder<Instance> workflow =
        Workflow.of(InstanceDriver.MODIFY)
            .specification(InstanceChange.class)
            .customizable(Set.of(ServerInner.class, ServerForUpdate.class))
            .prepare(this::prepareChange);
    for (Patch patch : Patch.values()) {
      workflow.step(new ChangeStep(patch, steps, interval));
    }
    return workflow
        .step(new ParameterStep(steps, interval))
        .step(new RestartStep(steps, interval))
        .step(new ReadyStep(steps))
        .result(context -> instance(context, null));
  }

  private Workflow<Instance> power(boolean on) {
    return Workflow.of(on ? InstanceDriver.START : InstanceDriver.STOP)
        .prepare(context -> preparePower(context, on))
        .step(new PowerStep(on, steps, interval))
        .result(context -> instance(context, null));
  }

  private Workflow<ResourceId> delete() {
    return Workflow.of(InstanceDriver.DELETE)
        // Azure answers a DELETE of what is not there with success.
        .prepare(this::prepareDeletion)
        .step(new DeleteStep(steps, new HiddenServers(scope, steps), interval))
        .result(StepContext::resource);
  }

  /** Refused here, where the answer can say what is to be had instead. */
  private static Workflow<ResourceId> deleteKeeping() {
    return Workflow.of(InstanceDriver.DELETE_KEEPING_BACKUPS)
        .prepare(
            context -> {
              throw ErrorDetails.of(
                      ErrorCategory.UNSUPPORTED_FEATURE, "azure: " + ServerFields.KEEPS_NO_BACKUPS)
                  .resource(context.resource().toString())
                  .nextStep(
                      "delete(id): for five days RestoreSpec.of(id).latest() may restore what it"
                          + " was then. Or keep the server, stopped.")
                  .toException();
            })
        .result(StepContext::resource);
  }

  private OperationState prepareCreation(StepContext context) {
    refuseOthers(context, ServerInner.class, "create");
    SameServer.requireFree(
        context.state(),
        new HiddenServers(scope, reads).named(context.name()),
        "Choose another name, or use ensure to take the existing server as it is.");
    // Built also to say at once what is wrong with it.
    ServerInner body = creation.body(context);
    if (GeoBackupKey.isMissing(body, Optional.empty())) {
      throw ErrorDetails.of(
              ErrorCategory.UNSUPPORTED_FEATURE,
              "azure: a server with a customer's key and geo-redundant backup needs a second key,"
                  + " for which the SDK's stable release has no member")
          .resource(context.resource().toString())
          .nextStep(
              "Nothing was done. Create it by the vendor's own client, with both keys, or without"
                  + " geo-redundant backup.")
          .toException();
    }
    return SameServer.attempted(context.state(), body.tags());
  }

  private OperationState prepareChange(StepContext context) {
    refuseOthers(context, ServerForUpdate.class, "modify");
    InstanceChange change = context.specification(InstanceChange.class);
    ServerInner current = existing(context);
    ServerView.Facts facts = ServerView.facts(current);
    // What only a look at the server can tell, said as the plan says the rest.
    ServerFields.plan(change, facts).orThrow();
    change.storageSize().ifPresent(size -> refuseShrinking(context.resource(), current, size));
    TagFields.requireRoom(context.resource(), change.tags(), current.tags());
    replication.requireChangeable(context.resource(), current, change);
    kept.require(context.resource(), current, change, context.now());
    return ChangeRequests.noted(context, facts, current.tags()).with(SameServer.notes(current));
  }

  private static void refuseShrinking(ResourceId id, ServerInner current, DataSize size) {
    Integer gib = current.storage() == null ? null : current.storage().storageSizeGB();
    if (gib != null && size.compareTo(DataSize.gib(gib)) < 0) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              "The disk of " + id.name() + " has " + gib + " GiB and cannot shrink to " + size)
          .resource(id.toString())
          .toException();
    }
  }

  private OperationState preparePower(StepContext context, boolean on) {
    ServerInner server = existing(context);
    if (on) {
      replication.requireStartable(context.resource(), server);
    } else {
      replication.requireStoppable(context.resource(), server);
    }
    return context.state().with(SameServer.notes(server));
  }

  private OperationState prepareDeletion(StepContext context) {
    ServerInner server = existing(context);
    replication.requireDeletable(context.resource(), server);
    return context.state().with(SameServer.notes(server));
  }

  /** A customization of a request that is not sent here would be dropped in silence. */
  private static void refuseOthers(StepContext context, Class<?> sent, String call) {
    context
        .customizations()
        .all()
        .forEach(
            customization -> {
              if (customization.type() != sent) {
                throw ErrorDetails.of(
                        ErrorCategory.INVALID_ARGUMENT,
                        call
                            + " sends no "
                            + customization.type().getName()
                            + "; it sends "
                            + sent.getName())
                    .toException();
              }
            });
  }

  private ServerInner existing(StepContext context) {
    return reads.existing(context.name());
  }

  private Instance instance(StepContext context, @Nullable String database) {
    ServerInner server =
        SameServer.of(context.state(), steps.find(context.name()))
            .orElseThrow(
                () ->
                    // It was there a moment ago: Azure may show it again.
                    ErrorDetails.of(
                            ErrorCategory.UNAVAILABLE,
                            "Azure does not show the server " + context.name())
                        .resource(context.resource().toString())
                        .toException());
    return ServerView.instance(scope, server, database);
  }
}
