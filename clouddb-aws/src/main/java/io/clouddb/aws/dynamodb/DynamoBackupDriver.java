/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.Page;
import io.clouddb.ResourceId;
import io.clouddb.aws.internal.SignedJsonClient;
import io.clouddb.backup.Backup;
import io.clouddb.backup.BackupQuery;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.RestorableWindow;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.plan.Plan;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.RemoteCalls;
import io.clouddb.spi.mapping.Asked;
import io.clouddb.spi.mapping.FieldTable;
import io.clouddb.spi.table.TableBackupDriver;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.Workflow;
import io.clouddb.table.TableDescription;
import io.clouddb.table.TableRestoreSpec;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.BackupSummary;
import software.amazon.awssdk.services.dynamodb.model.PointInTimeRecoveryDescription;
import software.amazon.awssdk.services.dynamodb.model.PointInTimeRecoveryStatus;

/** Backups of DynamoDB's tables on demand, and what is restored from them and from a moment. */
public final class DynamoBackupDriver implements TableBackupDriver {
  private final String region;
  private final RegionalCalls checks;
  private final RegionalCalls steps;
  private final TableView tables;
  private final BackupView view;
  private final FieldTable<Object> fields;
  private final FieldTable<Object> restores;

  /**
   * Makes a driver.
   *
   * @param provider the provider's id
   * @param region where the backups are
   * @param account tells the account, where an answer does not
   * @param clients gives the client of a region when it is needed
   * @param scalers gives what speaks to Application Auto Scaling in a region
   * @param calls through which every request goes
   */
  public DynamoBackupDriver(
      String provider,
      String region,
      Supplier<String> account,
      Function<String, DynamoDbClient> clients,
      Function<String, SignedJsonClient> scalers,
      RemoteCalls calls) {
    this.region = region;
    this.checks = new RegionalCalls(region, clients, scalers, calls);
    this.steps = checks.singly();
    this.tables = new TableView(provider, account);
    this.view = new BackupView(provider, region, account);
    this.fields = BackupFields.backups(provider);
    this.restores = BackupFields.restores(provider);
  }

  /**
   * How backups are taken, deleted and restored.
   *
   * @return a workflow for each kind of {@link TableBackupDriver}
   */
  public List<Workflow<?>> workflows() {
    return List.of(take(), delete(), restore());
  }

  @Override
  public ResourceId idOf(BackupSpec spec) {
    return view.id(spec.source().orElseThrow().name(), spec.name());
  }

  @Override
  public Plan plan(BackupSpec spec) {
    return fields.plan(new Asked(spec, region));
  }

  @Override
  public Plan plan(TableRestoreSpec spec) {
    return BackupFields.plan(restores, spec, region);
  }

  @Override
  public Optional<Backup> find(ResourceId backup) {
    return RestoreSource.find(new BackupCalls(checks.home()), backup).map(view::backup);
  }

  @Override
  public Page<Backup> list(BackupQuery query, @Nullable String pageToken) {
    Page<BackupSummary> page =
        new BackupCalls(checks.home())
            .page(query.source().map(ResourceId::name).orElse(null), pageToken);
    return new Page<>(
        page.items().stream().map(view::backup).filter(query::matches).toList(), page.nextToken());
  }

  @Override
  public Optional<RestorableWindow> window(ResourceId table) {
    if (checks.home().find(table.name()).isEmpty()) {
      return Optional.empty();
    }
    PointInTimeRecoveryDescription recovery =
        checks.home().backups(table.name()).pointInTimeRecoveryDescription();
    boolean on =
        recovery != null
            && recovery.pointInTimeRecoveryStatus() == PointInTimeRecoveryStatus.ENABLED;
    return Optional.of(
        on
            ? new RestorableWindow(
                table,
                recovery.earliestRestorableDateTime(),
                recovery.latestRestorableDateTime(),
                false)
            : new RestorableWindow(table, null, null, false));
  }

  private Workflow<Backup> take() {
    return Workflow.of(TAKE)
        .specification(BackupSpec.class)
        .creates()
        .prepare(this::prepareBackup)
        .step(new TakeBackupStep(steps))
        .result(
            context ->
                new BackupCalls(steps.home())
                    .find(context.value(TakeBackupStep.ARN).orElseThrow())
                    .map(view::backup)
                    .orElseThrow(() -> RestoreSource.missing(context.resource())));
  }

  private OperationState prepareBackup(StepContext context) {
    BackupSpec spec = context.specification(BackupSpec.class);
    // A token that is not sealed may ask for what no plan has seen.
    var unusedPlan = plan(spec).orThrow();
    String table = spec.source().orElseThrow().name();
    var unused = checks.home().get(table);
    if (new BackupCalls(checks.home()).newest(table, spec.name()).isPresent()) {
      throw TakeBackupStep.exists(context);
    }
    return context.state();
  }

  private Workflow<ResourceId> delete() {
    return Workflow.of(DELETE)
        .prepare(
            context -> {
              ResourceId id = context.resource();
              String arn =
                  RestoreSource.find(new BackupCalls(checks.home()), id)
                      .orElseThrow(() -> RestoreSource.missing(id))
                      .backupDetails()
                      .backupArn();
              return context.state().with(TakeBackupStep.ARN, arn);
            })
        .step(new DeleteBackupStep(steps))
        .result(StepContext::resource);
  }

  private Workflow<TableDescription> restore() {
    return Workflow.of(RESTORE)
        .specification(TableRestoreSpec.class)
        .creates()
        .prepare(this::prepareRestore)
        .step(new RestoreStep(steps))
        .step(new SettledStep("active", steps, false))
        .step(ScaleStep.atHome(steps))
        .step(StreamSteps.on(steps))
        .step(TimeToLiveStep.on(steps))
        .step(SettingSteps.tags(steps))
        .step(SettingSteps.recovery(steps))
        .step(SettingSteps.protection(steps))
        .step(new SettledStep("ready", steps, true))
        .result(
            context ->
                new LiveReader(steps)
                    .find(context.name())
                    .filter(found -> TableStep.isThatOne(context, found.table()))
                    .map(tables::describe)
                    .orElseThrow(() -> TableStep.gone(context, "It was restored, and is gone")));
  }

  private OperationState prepareRestore(StepContext context) {
    TableRestoreSpec spec = context.specification(TableRestoreSpec.class);
    var unusedPlan = plan(spec).orThrow();
    if (checks.home().find(spec.name()).isPresent()) {
      throw CreateTableStep.exists(spec.name(), region);
    }
    RestoreSource source = RestoreSource.read(checks, spec, Optional.empty());
    if (spec.backup().isEmpty()) {
      requireMoment(spec);
    }
    return context
        .state()
        .with(Notes.SOURCE, source.arn())
        .with(Notes.AFTER, RestoreStep.after(spec, source, region).toJson());
  }

  private void requireMoment(TableRestoreSpec spec) {
    RestorableWindow window = window(spec.source()).orElseThrow();
    if (window.latest().isEmpty()) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              "Point-in-time recovery of " + spec.source().name() + " is off in " + region)
          .resource(spec.source().toString())
          .nextStep("Switch it on by modify(...).pointInTimeRecoveryDays(...), or take a backup.")
          .toException();
    }
    spec.moment()
        .filter(moment -> !window.contains(moment))
        .ifPresent(
            moment -> {
              throw ErrorDetails.of(
                      ErrorCategory.INVALID_ARGUMENT,
                      spec.source().name() + " cannot be restored to " + moment + ": " + window)
                  .resource(spec.source().toString())
                  .toException();
            });
  }
}
