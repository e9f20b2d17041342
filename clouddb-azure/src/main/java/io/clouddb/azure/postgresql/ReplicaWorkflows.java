/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import io.clouddb.ResourceId;
import io.clouddb.azure.internal.ArmOperations.Accepted;
import io.clouddb.azure.internal.ArmScope;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.Instance;
import io.clouddb.replica.Promoted;
import io.clouddb.replica.Promotion;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.ReplicaDriver;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How replicas are created and promoted, each through the region that the replica is in. */
final class ReplicaWorkflows {
  private static final Logger log = LoggerFactory.getLogger(ReplicaWorkflows.class);

  private final ArmScope scope;
  private final ServerCalls reads;
  private final ServerCalls steps;
  private final ReplicaCalls replicaReads;
  private final ReplicaCalls replicaSteps;
  private final Duration interval;
  private final ReplicaRequest request;

  /**
   * Makes the workflows.
   *
   * @param reads makes requests again that failed in passing: for what is checked first
   * @param steps makes each request once: the step machine asks again
   * @param replicaReads the same as reads, about replication
   * @param replicaSteps the same as steps, about replication
   * @param interval the first pause before a request is sent again whose operation failed
   */
  ReplicaWorkflows(
      ArmScope scope,
      ServerCalls reads,
      ServerCalls steps,
      ReplicaCalls replicaReads,
      ReplicaCalls replicaSteps,
      Duration interval) {
    this.scope = scope;
    this.reads = reads;
    this.steps = steps;
    this.replicaReads = replicaReads;
    this.replicaSteps = replicaSteps;
    this.interval = interval;
    this.request = new ReplicaRequest(scope);
  }

  List<Workflow<?>> all() {
    return List.of(create(), promote());
  }

  private Workflow<Instance> create() {
    return Workflow.of(ReplicaDriver.CREATE)
        .specification(ReplicaSpec.class)
        .customizable(Set.of(ServerInner.class))
        .creates()
        .prepare(this::prepareCreation)
        .step(new CreateServerStep(steps, this::send, false, interval))
        .step(new FirewallRuleStep(steps, interval))
        .step(new InheritedRules.Search(steps))
        .step(new InheritedRules.Removal(steps, interval))
        .step(new FollowingStep(steps, replicaSteps))
        .result(this::replica);
  }

  private Workflow<Promoted> promote() {
    return Workflow.of(ReplicaDriver.PROMOTE)
        .specification(Promotion.class)
        .undoes()
        .prepare(
            context ->
                new PromotionCheck(reads, replicaReads, context, reads.existing(context.name()))
                    .orThrow())
        .step(new VirtualEndpointStep(steps, replicaSteps, interval))
        .step(new PromoteStep(steps, replicaSteps, interval))
        .result(this::promoted);
  }

  private Accepted send(StepContext context) {
    ResourceId source = context.specification(ReplicaSpec.class).source().orElseThrow();
    SameSource.require(context, steps, source.name(), false);
    return request.send(context, steps);
  }

  private OperationState prepareCreation(StepContext context) {
    ReplicaSpec spec = context.specification(ReplicaSpec.class);
    ResourceId id = context.resource();
    SameServer.requireFree(
        context.state(), reads.find(context.name()), "Choose another name for the replica.");
    ResourceId source = spec.source().orElseThrow();
    ServerInner followed =
        new HiddenServers(scope, reads)
            .find(source)
            .orElseThrow(() -> NewReplicaCheck.noSource(source));
    ServerAsItIs.Disk disk = reads.disk(source.name());
    OperationState state = ReplicaRequest.noted(context.state(), spec, followed, disk);
    ServerInner body = request.body(context.with(state));
    new NewReplicaCheck(id, spec, followed, disk)
        .orThrow(body, replicaReads.replicas(source.name()).size());
    return SameServer.attempted(SameSource.noted(state, followed), body.tags());
  }

  private Promoted promoted(StepContext context) {
    Instance instance = instance(context);
    ServerArmId source = PromotionNotes.source(context);
    Optional<ResourceId> former =
        PromotionNotes.location(context)
            .map(source::in)
            .or(() -> new SourceRegion(steps).of(source));
    return new Promoted(
        instance,
        former.orElse(null),
        context.specification(Promotion.class).lastReplayed().orElse(null),
        new PromotionAdvice(context, instance).sentences());
  }

  private Instance replica(StepContext context) {
    Instance replica = instance(context);
    PublicAccess.opened(
            ReplicaRequest.isClosed(context),
            replica.unwrap(ServerInner.class),
            "the firewall rules of its source")
        .ifPresent(log::warn);
    return replica;
  }

  private Instance instance(StepContext context) {
    return ServerView.instance(
        scope,
        SameServer.of(context.state(), steps.find(context.name()))
            .orElseThrow(
                () ->
                    // It was there a moment ago: Azure may show it again.
                    ErrorDetails.of(
                            ErrorCategory.UNAVAILABLE,
                            "Azure does not show the server " + context.name())
                        .resource(context.resource().toString())
                        .toException()),
        null);
  }
}
