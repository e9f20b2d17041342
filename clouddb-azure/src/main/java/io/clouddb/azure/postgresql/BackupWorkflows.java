/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.ServerForUpdate;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Sku;
import com.azure.resourcemanager.postgresqlflexibleserver.models.SkuTier;
import io.clouddb.ResourceId;
import io.clouddb.azure.internal.ArmScope;
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
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** How backups are taken and deleted, and how a server is protected by a policy and a backup. */
final class BackupWorkflows {
  private final ArmScope scope;
  private final ServerCalls reads;
  private final ServerCalls steps;
  private final BackupCalls backupReads;
  private final BackupCalls backupSteps;
  private final ReplicationRules replication;
  private final Duration interval;

  /**
   * Makes the workflows.
   *
   * @param reads makes requests again that failed in passing: for what is checked first
   * @param steps makes each request once: the step machine asks again
   * @param backupReads the same as reads, about backups
   * @param backupSteps the same as steps, about backups
   * @param replication what holds of servers that replicate each other
   * @param interval the first pause before a request is sent again whose operation failed
   */
  BackupWorkflows(
      ArmScope scope,
      ServerCalls reads,
      ServerCalls steps,
      BackupCalls backupReads,
      BackupCalls backupSteps,
      ReplicationRules replication,
      Duration interval) {
    this.scope = scope;
    this.reads = reads;
    this.steps = steps;
    this.backupReads = backupReads;
    this.backupSteps = backupSteps;
    this.replication = replication;
    this.interval = interval;
  }

  List<Workflow<?>> all() {
    return List.of(take(), protect(), delete());
  }

  private Workflow<Backup> take() {
    return Workflow.of(BackupDriver.TAKE)
        .specification(BackupSpec.class)
        .creates()
        .prepare(context -> prepared(context, server(context)))
        .step(new TakeBackupStep(steps, backupSteps, interval))
        .result(this::taken);
  }

  private Workflow<ProtectedInstance> protect() {
    Workflow.Builder<ProtectedInstance> workflow =
        Workflow.of(BackupDriver.PROTECT)
            .specification(Protection.class)
            .customizable(Set.of(ServerForUpdate.class))
            .prepare(this::prepareProtection);
    return workflow
        .step(new ChangeStep(Patch.CHANGE, steps, interval))
        .step(new TakeBackupStep(steps, backupSteps, interval))
        .result(this::isProtected);
  }

  private Workflow<ResourceId> delete() {
    return Workflow.of(BackupDriver.DELETE)
        // Azure answers a DELETE of what is not there with success.
        .prepare(this::prepareDeletion)
        .step(new DeleteBackupStep(steps, backupSteps, interval))
        .result(StepContext::resource);
  }

  private ServerInner server(StepContext context) {
    return reads.existing(ServerStep.serverName(context));
  }

  private OperationState prepared(StepContext context, ServerInner server) {
    requireTakeable(context, server);
    return context.state().with(SameServer.notes(server));
  }

  private OperationState prepareProtection(StepContext context) {
    ServerInner current = server(context);
    var change = context.specification(Protection.class).change();
    ServerView.Facts facts = ServerView.facts(current);
    ServerFields.plan(change, facts).orThrow();
    replication.requireChangeable(context.resource(), current, change);
    new KeptBackups(backupReads).require(context.resource(), current, change, context.now());
    OperationState state = prepared(context, current);
    return ChangeRequests.noted(context.with(state), facts, current.tags());
  }

  /** What only a look can tell of a backup by hand, all that is wrong at once. */
  private void requireTakeable(StepContext context, ServerInner server) {
    String name = TakeBackupStep.spec(context).name();
    List<ListedBackup> there = backupReads.all(server.name());
    if (there.stream().anyMatch(backup -> backup.id().name().equalsIgnoreCase(name))) {
      throw TakeBackupStep.taken(context, name);
    }
    Objections objections = new Objections();
    InstanceState now = ServerView.state(ServerView.nativeState(server));
    objections.require(
        now == InstanceState.AVAILABLE || ServerView.isPassing(now),
        "it is " + ServerView.nativeState(server) + ", and Azure backs up what runs only",
        now == InstanceState.STOPPED
            ? "start it first: instances().start(id)"
            : "look at it in Azure");
    String source = server.sourceServerResourceId();
    objections.require(
        source == null || source.isBlank(),
        "it is a read replica, of which Azure takes no backups",
        "take one of its source " + ServerArmId.of(source).map(ServerArmId::name).orElse(""));
    Sku sku = server.sku();
    objections.require(
        sku == null || !SkuTier.BURSTABLE.equals(sku.tier()),
        "it is Burstable, a tier that has no backups by hand",
        "give it a General Purpose size by modify, or go by the automated backups, which every"
            + " server has");
    objections.require(
        there.stream().filter(ListedBackup::isOnDemand).count() < BackupTable.MOST_BY_HAND,
        "it has " + BackupTable.MOST_BY_HAND + " backups by hand, which is the most",
        "delete one of them first: backups().list(BackupQuery.of(id).origin(MANUAL))");
    objections
        .error(context.resource(), server.name() + " cannot be backed up")
        .ifPresent(
            error -> {
              throw error;
            });
  }

  private OperationState prepareDeletion(StepContext context) {
    BackupName name = BackupName.of(context.resource());
    ServerInner server =
        // One that was made again in another region is another one's.
        new HiddenServers(scope, reads)
            .find(name.server())
            .orElseThrow(() -> noBackup(context, name));
    ListedBackup backup =
        backupReads.find(name.server(), name.backup()).orElseThrow(() -> noBackup(context, name));
    if (!backup.isOnDemand()) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              name.backup()
                  + " is an automated backup of "
                  + name.server()
                  + ", and \"only on-demand backups can be deleted by users\" ("
                  + BackupTable.PAGE
                  + ")")
          .resource(context.resource().toString())
          .nextStep(
              "Nothing was done. It goes by the server's retention: modify with"
                  + " BackupPolicy.daily().retainDays(...).")
          .toException();
    }
    return context.state().with(SameBackup.notes(backup)).with(SameServer.notes(server));
  }

  private static CloudDbException noBackup(StepContext context, BackupName name) {
    return ErrorDetails.of(
            ErrorCategory.NOT_FOUND,
            "The server " + name.server() + " has no backup " + name.backup() + " (any more)")
        .resource(context.resource().toString())
        .toException();
  }

  private Backup taken(StepContext context) {
    ServerInner server = shown(context);
    return BackupView.backup(
        scope,
        backupSteps
            .find(server.name(), TakeBackupStep.spec(context).name())
            .orElseThrow(() -> hidden(context, TakeBackupStep.spec(context).name())),
        server);
  }

  private ProtectedInstance isProtected(StepContext context) {
    // Azure has a new retention as soon as the operation that sets it is over.
    return new ProtectedInstance(
        ServerView.instance(scope, shown(context), null), taken(context), List.of());
  }

  private ServerInner shown(StepContext context) {
    String name = ServerStep.serverName(context);
    return SameServer.of(context.state(), steps.find(name))
        .orElseThrow(() -> hidden(context, name));
  }

  /** It was there a moment ago: Azure may show it again. */
  private static RuntimeException hidden(StepContext context, String what) {
    return ErrorDetails.of(ErrorCategory.UNAVAILABLE, "Azure does not show " + what)
        .resource(context.resource().toString())
        .toException();
  }
}
