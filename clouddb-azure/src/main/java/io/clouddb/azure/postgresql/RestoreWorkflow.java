/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.CreateMode;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Sku;
import com.azure.resourcemanager.postgresqlflexibleserver.models.SkuTier;
import io.clouddb.azure.internal.ArmOperations.Accepted;
import io.clouddb.azure.internal.ArmScope;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.Instance;
import io.clouddb.spi.BackupDriver;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.Workflow;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a server is made of a backup or of a moment, and gets what Azure does not give it. */
final class RestoreWorkflow {
  private static final Logger log = LoggerFactory.getLogger(RestoreWorkflow.class);

  private final ArmScope scope;
  private final ServerCalls reads;
  private final ServerCalls steps;
  private final RestoreSearch search;
  private final RestoreRequest request;
  private final Duration interval;

  /**
   * Makes the workflow.
   *
   * @param reads makes requests again that failed in passing: for what is checked first
   * @param steps makes each request once: the step machine asks again
   * @param backups the same as reads, about backups
   * @param interval the first pause before a request is sent again whose operation failed
   */
  RestoreWorkflow(
      ArmScope scope,
      ServerCalls reads,
      ServerCalls steps,
      BackupCalls backups,
      Duration interval) {
    this.scope = scope;
    this.reads = reads;
    this.steps = steps;
    this.search = new RestoreSearch(scope, reads, backups);
    this.request = new RestoreRequest(scope);
    this.interval = interval;
  }

  Workflow<Instance> restore() {
    Workflow.Builder<Instance> workflow =
        Workflow.of(BackupDriver.RESTORE)
            .specification(RestoreSpec.class)
            .customizable(Set.of(ServerInner.class))
            .creates()
            .prepare(this::prepare)
            .step(new CreateServerStep(steps, this::send, false, interval))
            .step(new FirewallRuleStep(steps, interval))
            .step(new RestoredRuleStep(steps, interval));
    for (Patch patch : Patch.values()) {
      workflow.step(new ChangeStep(patch, steps, interval));
    }
    return workflow
        .step(new ParameterStep(steps, interval))
        .step(new RestartStep(steps, interval))
        .step(new ReadyStep(steps))
        .result(this::instance);
  }

  private Accepted send(StepContext context) {
    RestoreNotes notes = new RestoreNotes(context);
    boolean far = notes.mode().equals(CreateMode.GEO_RESTORE);
    ServerArmId.of(notes.source())
        .ifPresent(source -> SameSource.require(context, steps, source.name(), far));
    return request.send(context, steps);
  }

  /** Not every region that is a pair has one of its own, as the United States' government's. */
  private boolean lacksGeoBackup() {
    try {
      return ServerCatalog.isWithoutGeoBackup(reads.capabilities());
    } catch (CloudDbException e) {
      log.debug("{} does not tell what it has: geo-redundant backup is tried", scope.location(), e);
      return false;
    }
  }

  private OperationState prepare(StepContext context) {
    RestoreSpec spec = context.specification(RestoreSpec.class);
    SameServer.requireFree(
        context.state(),
        named(context.name(), spec),
        "Choose another name: a restore changes no server.");
    RestoreSource source = search.of(spec, context.now());
    OperationState noted = RestoreNotes.noted(context.state(), spec, source);
    if (source.isFar()
        && new RestoreNotes(context.with(noted)).isGeoRedundant()
        && lacksGeoBackup()) {
      noted = RestoreNotes.withoutGeoRedundancy(noted);
    }
    if (source.server().isPresent()) {
      noted = SameSource.noted(noted, source.server().get());
    }
    StepContext with = context.with(noted);
    ServerInner body = request.body(with);
    new RestoreCheck(context.resource(), spec, source, context.now()).orThrow(body);
    ServerView.Facts facts = restored(source);
    // What only a look at the source can tell, said as the plan says the rest.
    RestoreRequest.change(with).ifPresent(change -> ServerFields.plan(change, facts).orThrow());
    RestoreWarnings.before(context.resource(), source, body).forEach(log::warn);
    return SameServer.attempted(ChangeRequests.noted(with, facts, null), body.tags());
  }

  /** A server of the name that the new one is to have. */
  private Optional<ServerInner> named(String name, RestoreSpec spec) {
    boolean far = !scope.location().equals(spec.source().location());
    // A list that has the other region in it may not answer while that is gone.
    return far ? reads.find(name) : new HiddenServers(scope, reads).named(name);
  }

  /** A new server is as large as its source, and has no standby. */
  private static ServerView.Facts restored(RestoreSource source) {
    Sku sku = source.server().map(ServerInner::sku).orElse(null);
    return ServerView.Facts.restored(
        (sku == null || sku.tier() == null) ? null : SkuTier.BURSTABLE.equals(sku.tier()));
  }

  private Instance instance(StepContext context) {
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
    RestoreWarnings.after(new RestoreNotes(context).isClosed(), server).ifPresent(log::warn);
    return ServerView.instance(scope, server, null);
  }
}
