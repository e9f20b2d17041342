/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.ResourceId;
import io.clouddb.backup.Backup;
import io.clouddb.backup.BackupReplicationSpec;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.ProtectedInstance;
import io.clouddb.backup.Protection;
import io.clouddb.backup.RestorableWindow;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.Instance;
import io.clouddb.spi.BackupDriver;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.mapping.FieldTable;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.Workflow;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.rds.model.CopyDbSnapshotRequest;
import software.amazon.awssdk.services.rds.model.CreateDbParameterGroupRequest;
import software.amazon.awssdk.services.rds.model.CreateDbSnapshotRequest;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBInstanceAutomatedBackup;
import software.amazon.awssdk.services.rds.model.DBSnapshot;
import software.amazon.awssdk.services.rds.model.RestoreDbInstanceFromDbSnapshotRequest;
import software.amazon.awssdk.services.rds.model.RestoreDbInstanceToPointInTimeRequest;
import software.amazon.awssdk.services.rds.model.StartDbInstanceAutomatedBackupsReplicationRequest;

/** The steps by which backups are taken, copied, deleted, restored and replicated. */
final class BackupWorkflows {
  private static final Logger log = LoggerFactory.getLogger(BackupWorkflows.class);

  private final String provider;
  private final String region;
  private final Function<String, RdsCalls> checks;
  private final Function<String, RdsCalls> regions;
  private final RdsCalls rds;
  private final RdsInstances instances;
  private final SnapshotView view;
  private final FieldTable<DBSnapshot> fields;
  private final FieldTable<DBInstance> restores;

  /**
   * Makes them.
   *
   * @param provider the provider's id
   * @param region where the backups are
   * @param checks for what is looked at before an operation, while the caller waits
   * @param regions for the steps, whose requests are made once each
   * @param instances what RDS says of instances, in portable terms
   * @param view the same of snapshots
   * @param fields how backups are asked for
   * @param restores how restores are asked for
   */
  BackupWorkflows(
      String provider,
      String region,
      Function<String, RdsCalls> checks,
      Function<String, RdsCalls> regions,
      RdsInstances instances,
      SnapshotView view,
      FieldTable<DBSnapshot> fields,
      FieldTable<DBInstance> restores) {
    this.provider = provider;
    this.region = region;
    this.checks = checks;
    this.regions = regions;
    this.rds = regions.apply(region);
    this.instances = instances;
    this.view = view;
    this.fields = fields;
    this.restores = restores;
  }

  List<Workflow<?>> all(Function<ResourceId, Optional<RestorableWindow>> window) {
    return List.of(
        take(), protect(), copy(), delete(), restore(), replicate(window), endReplication());
  }

  private RdsCalls here() {
    return checks.apply(region);
  }

  private Backup backup(StepContext context) {
    return SnapshotStep.own(new SnapshotCalls(rds), context)
        .map(view::backup)
        .orElseThrow(
            () ->
                ErrorDetails.of(
                        ErrorCategory.NOT_FOUND,
                        "The DB snapshot "
                            + SnapshotStep.spec(context).name()
                            + " was made, and is gone")
                    .operation("rds.DescribeDBSnapshots")
                    .resource(context.resource().toString())
                    .toException());
  }

  private Workflow<Backup> take() {
    TakeSnapshotStep take = new TakeSnapshotStep(rds, fields, region);
    return Workflow.of(BackupDriver.TAKE)
        .specification(BackupSpec.class)
        .customizable(Set.of(CreateDbSnapshotRequest.Builder.class))
        .creates()
        .prepare(context -> prepareSnapshot(take, context, instance(context)))
        .step(take)
        .step(new SnapshotAvailableStep(rds))
        .result(this::backup);
  }

  private DBInstance instance(StepContext context) {
    return here().get(SnapshotStep.spec(context).source().orElseThrow().name());
  }

  private OperationState prepareSnapshot(
      TakeSnapshotStep take, StepContext context, DBInstance instance) {
    SnapshotStep.requireFree(new SnapshotCalls(here()), context);
    Optional<CloudDbException> refusal = TakeSnapshotStep.refusal(instance);
    if (refusal.isPresent()) {
      throw refusal.get();
    }
    var unused = take.request(context, instance);
    String id = instance.dbiResourceId();
    return id == null ? context.state() : context.state().with(Notes.SOURCE_ID, id);
  }

  private Workflow<ProtectedInstance> protect() {
    TakeSnapshotStep take = new TakeSnapshotStep(rds, fields, region);
    PolicyStep policy = new PolicyStep(provider, rds);
    return Workflow.of(BackupDriver.PROTECT)
        .specification(Protection.class)
        .customizable(Set.of(CreateDbSnapshotRequest.Builder.class))
        .undoes()
        .prepare(context -> prepareProtection(take, policy, context))
        .step(policy)
        .step(take)
        .step(new SnapshotAvailableStep(rds))
        .step(new PolicyShownStep(rds))
        .result(this::protectedInstance);
  }

  private OperationState prepareProtection(
      TakeSnapshotStep take, PolicyStep policy, StepContext context) {
    DBInstance instance = here().get(context.name());
    OperationState state = prepareSnapshot(take, context, instance);
    return Notes.identified(state, instance).with(policy.prepare(context, instance));
  }

  private ProtectedInstance protectedInstance(StepContext context) {
    DBInstance now = InstanceStep.get(context, rds);
    return new ProtectedInstance(
        instances.toInstance(now), backup(context), PolicyStep.pending(context, now));
  }

  private Workflow<Backup> copy() {
    CopySnapshotStep copy = new CopySnapshotStep(regions, fields, region);
    return Workflow.of(BackupDriver.COPY)
        .specification(BackupSpec.class)
        .customizable(Set.of(CopyDbSnapshotRequest.Builder.class))
        .creates()
        .prepare(context -> prepareCopy(copy, context))
        .step(copy)
        .step(new SnapshotAvailableStep(rds))
        .result(this::backup);
  }

  private OperationState prepareCopy(CopySnapshotStep copy, StepContext context) {
    SnapshotStep.requireFree(new SnapshotCalls(here()), context);
    ResourceId source = CopySnapshotStep.source(context);
    DBSnapshot from = new SnapshotCalls(checks.apply(source.location())).get(source.name());
    Optional<CloudDbException> refusal =
        CopySnapshotStep.refusal(from, copy.request(context, from), region);
    if (refusal.isPresent()) {
      throw refusal.get();
    }
    return context.state().with(Notes.snapshot(from));
  }

  private Workflow<ResourceId> delete() {
    return Workflow.of(BackupDriver.DELETE)
        .prepare(context -> DeleteSnapshotStep.prepare(new SnapshotCalls(here()), context))
        .step(new DeleteSnapshotStep(rds))
        .result(StepContext::resource);
  }

  private Workflow<Instance> restore() {
    RestoreStep restore = new RestoreStep(rds, restores, region);
    Function<StepContext, Optional<NewGroup>> group = restore::group;
    return Workflow.of(BackupDriver.RESTORE)
        .specification(RestoreSpec.class)
        .customizable(
            Set.of(
                RestoreDbInstanceFromDbSnapshotRequest.Builder.class,
                RestoreDbInstanceToPointInTimeRequest.Builder.class,
                CreateDbParameterGroupRequest.Builder.class))
        .creates()
        .prepare(context -> prepareRestore(restore, context))
        .step(new ParameterGroupStep(rds, group))
        .step(new FillGroupStep(rds, group))
        .step(restore)
        .step(new AvailableStep(rds))
        .step(new RestoredSettingsStep(rds))
        .step(new RestartStep(rds))
        .step(new ReadyStep(rds))
        .result(this::restored);
  }

  /**
   * The API Reference, {@code EngineLifecycleSupport}: where it is disabled, "RDS automatically
   * upgrades your restored DB instance to a higher engine version, if the major engine version is
   * past its end of standard support date".
   */
  private Instance restored(StepContext context) {
    DBInstance now = InstanceStep.get(context, rds);
    String version = context.value(Notes.VERSION).orElse(null);
    if (version != null
        && now.engineVersion() != null
        && EngineFields.major(version) != EngineFields.major(now.engineVersion())) {
      log.warn(
          "{} has PostgreSQL {}, to which RDS has upgraded it: its backup has {}, whose standard"
              + " support is over, and RDS Extended Support is disabled",
          context.name(),
          now.engineVersion(),
          version);
    }
    return instances.toInstance(now);
  }

  private OperationState prepareRestore(RestoreStep restore, StepContext context) {
    restore.requireFree(here(), context);
    OperationState noted = context.state().with(new RestoreSource(checks, region).notes(context));
    restore.requirePossible(context.with(noted));
    return noted;
  }

  private Workflow<RestorableWindow> replicate(
      Function<ResourceId, Optional<RestorableWindow>> window) {
    ReplicationStep replication = new ReplicationStep(regions, fields, region);
    return Workflow.of(BackupDriver.REPLICATE)
        .specification(BackupReplicationSpec.class)
        .customizable(Set.of(StartDbInstanceAutomatedBackupsReplicationRequest.Builder.class))
        .creates()
        .prepare(
            context -> {
              ResourceId source = ReplicationStep.source(context);
              DBInstance instance = checks.apply(source.location()).get(source.name());
              return context
                  .state()
                  .with(replication.prepare(new AutomatedBackupCalls(here()), instance, context));
            })
        .step(replication)
        .step(new ReplicatedStep(rds))
        .result(
            context -> {
              ResourceId source = ReplicationStep.source(context);
              return window
                  .apply(source)
                  .orElseGet(() -> new RestorableWindow(source, null, null, false));
            });
  }

  private Workflow<ResourceId> endReplication() {
    return Workflow.of(BackupDriver.END_REPLICATION)
        .specification(BackupReplicationSpec.class)
        .prepare(this::prepareEnd)
        .step(new StopReplicationStep(rds))
        .step(new DeleteReplicatedStep(rds))
        .result(StepContext::resource);
  }

  private OperationState prepareEnd(StepContext context) {
    ResourceId source = ReplicationStep.source(context);
    Optional<DBInstanceAutomatedBackup> kept = KeptBackups.of(checks, region, source).kept();
    if (kept.isEmpty() || source.location().equals(region)) {
      throw ErrorDetails.of(
              ErrorCategory.NOT_FOUND,
              "No automated backups of "
                  + source.name()
                  + " of "
                  + source.location()
                  + " are replicated into "
                  + region)
          .operation("rds.DescribeDBInstanceAutomatedBackups")
          .resource(source.toString())
          .toException();
    }
    return context.state().with(EndedReplication.notes(kept.get()));
  }
}
