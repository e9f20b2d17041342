/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.Undone;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.IndexSpec;
import io.clouddb.table.TableRestoreSpec;
import io.clouddb.table.Throughput;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.LocalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughput;
import software.amazon.awssdk.services.dynamodb.model.RestoreSummary;
import software.amazon.awssdk.services.dynamodb.model.RestoreTableFromBackupRequest;
import software.amazon.awssdk.services.dynamodb.model.RestoreTableToPointInTimeRequest;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;

/**
 * Makes a table of a backup, or of a table at a moment. A restore takes no tags, so that a table
 * whose answer was lost is known again by what it says that it is restored from, and by its time.
 */
final class RestoreStep extends TableStep {
  static final String NAME = "restore";

  /** Between the clocks of here and there. */
  private static final Duration SKEW = Duration.ofMinutes(1);

  RestoreStep(RegionalCalls regions) {
    super(NAME, regions);
  }

  private static TableRestoreSpec spec(StepContext context) {
    return context.specification(TableRestoreSpec.class);
  }

  /**
   * What the table has to be in the end. A source does not tell the types of its keys, and no step
   * that goes by this asks for them.
   */
  static GlobalTableSpec after(TableRestoreSpec spec, RestoreSource source) {
    requireIndexes(spec, source);
    GlobalTableSpec.Builder after =
        GlobalTableSpec.builder(spec.name(), Schemas.key(source.schema(), List.of()));
    for (GlobalSecondaryIndex index : kept(spec, source)) {
      after.index(IndexSpec.of(index.indexName(), Schemas.key(index.keySchema(), List.of())));
    }
    after.throughput(spec.throughput().orElseGet(Throughput::onDemand));
    spec.timeToLive().ifPresent(after::timeToLive);
    spec.changeFeed().ifPresent(after::changeFeed);
    spec.deletionProtection().ifPresent(after::deletionProtection);
    spec.pointInTimeRecoveryDays().ifPresent(after::pointInTimeRecoveryDays);
    spec.tags().forEach(after::tag);
    return after.build();
  }

  private static void requireIndexes(TableRestoreSpec spec, RestoreSource source) {
    Set<String> unknown = new HashSet<>(spec.indexes().orElse(Set.of()));
    source.indexes().forEach(index -> unknown.remove(index.indexName()));
    source.locals().forEach(index -> unknown.remove(index.indexName()));
    if (!unknown.isEmpty()) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              "The source of " + spec.name() + " has no such index: " + String.join(", ", unknown))
          .toException();
    }
  }

  private static List<GlobalSecondaryIndex> kept(TableRestoreSpec spec, RestoreSource source) {
    return source.indexes().stream()
        .filter(index -> spec.indexes().map(all -> all.contains(index.indexName())).orElse(true))
        .toList();
  }

  /** Null where the source's are taken as they are. */
  private static @Nullable List<GlobalSecondaryIndex> indexes(
      TableRestoreSpec spec, RestoreSource source) {
    Optional<Throughput> throughput = spec.throughput();
    if (spec.indexes().isEmpty() && throughput.isEmpty()) {
      return null;
    }
    List<GlobalSecondaryIndex> all = new ArrayList<>();
    for (GlobalSecondaryIndex index : kept(spec, source)) {
      boolean onDemand = throughput.map(Throughput::isOnDemand).orElseGet(source::onDemand);
      ProvisionedThroughput units =
          onDemand ? null : throughput.map(Schemas::units).orElseGet(index::provisionedThroughput);
      all.add(index.toBuilder().provisionedThroughput(units).build());
    }
    return all;
  }

  private static @Nullable List<LocalSecondaryIndex> locals(
      TableRestoreSpec spec, RestoreSource source) {
    return spec.indexes()
        .map(
            names ->
                source.locals().stream()
                    .filter(index -> names.contains(index.indexName()))
                    .toList())
        .orElse(null);
  }

  private static @Nullable BillingMode billing(TableRestoreSpec spec) {
    return spec.throughput()
        .map(
            throughput ->
                throughput.isOnDemand() ? BillingMode.PAY_PER_REQUEST : BillingMode.PROVISIONED)
        .orElse(null);
  }

  private static @Nullable ProvisionedThroughput units(TableRestoreSpec spec) {
    return spec.throughput()
        .filter(throughput -> !throughput.isOnDemand())
        .map(Schemas::units)
        .orElse(null);
  }

  private Optional<TableDescription> restore(StepContext context) {
    TableRestoreSpec spec = spec(context);
    RestoreSource source = RestoreSource.read(regions, spec, context.value(Notes.SOURCE));
    BackupCalls backups = new BackupCalls(regions.home());
    return spec.backup().isPresent()
        ? backups.restore(fromBackup(spec, source))
        : backups.restore(toMoment(spec, source));
  }

  private static RestoreTableFromBackupRequest fromBackup(
      TableRestoreSpec spec, RestoreSource source) {
    RestoreTableFromBackupRequest.Builder request =
        RestoreTableFromBackupRequest.builder()
            .targetTableName(spec.name())
            .backupArn(source.arn())
            .billingModeOverride(billing(spec))
            .provisionedThroughputOverride(units(spec));
    spec.encryptionKey()
        .ifPresent(key -> request.sseSpecificationOverride(RegionFields.encryption(key)));
    List<GlobalSecondaryIndex> indexes = indexes(spec, source);
    if (indexes != null) {
      request.globalSecondaryIndexOverride(indexes);
    }
    List<LocalSecondaryIndex> locals = locals(spec, source);
    if (locals != null) {
      request.localSecondaryIndexOverride(locals);
    }
    return request.build();
  }

  private static RestoreTableToPointInTimeRequest toMoment(
      TableRestoreSpec spec, RestoreSource source) {
    RestoreTableToPointInTimeRequest.Builder request =
        RestoreTableToPointInTimeRequest.builder()
            .targetTableName(spec.name())
            .sourceTableName(spec.source().name())
            .billingModeOverride(billing(spec))
            .provisionedThroughputOverride(units(spec));
    spec.moment().ifPresent(request::restoreDateTime);
    if (spec.isLatest()) {
      request.useLatestRestorableTime(true);
    }
    spec.encryptionKey()
        .ifPresent(key -> request.sseSpecificationOverride(RegionFields.encryption(key)));
    List<GlobalSecondaryIndex> indexes = indexes(spec, source);
    if (indexes != null) {
      request.globalSecondaryIndexOverride(indexes);
    }
    List<LocalSecondaryIndex> locals = locals(spec, source);
    if (locals != null) {
      request.localSecondaryIndexOverride(locals);
    }
    return request.build();
  }

  private boolean isOwn(StepContext context, TableDescription table) {
    if (context.value(Notes.TABLE_ID).isPresent()) {
      return isThatOne(context, table);
    }
    RestoreSummary summary = table.restoreSummary();
    boolean sent = context.asked() || context.resumed();
    return sent
        && summary != null
        && context
            .value(Notes.SOURCE)
            .filter(
                arn ->
                    arn.equals(summary.sourceBackupArn()) || arn.equals(summary.sourceTableArn()))
            .isPresent()
        && table.creationDateTime() != null
        && !table.creationDateTime().isBefore(context.state().started().minus(SKEW));
  }

  @Override
  public Look look(StepContext context) {
    if (answered(context)) {
      return Look.happened();
    }
    Optional<TableDescription> found = regions.home().find(context.name());
    if (found.isEmpty()) {
      return Look.missing();
    }
    return isOwn(context, found.get())
        ? Look.found(Notes.identity(found.get()))
        : Look.failed(exists(context));
  }

  private CloudDbException exists(StepContext context) {
    return CreateTableStep.exists(context.name(), home());
  }

  @Override
  public Begun begin(StepContext context) {
    try {
      return answered(
          context, "is being restored", restore(context).map(Notes::identity).orElseGet(Map::of));
    } catch (AlreadyExistsException e) {
      TableDescription there = regions.home().find(context.name()).orElseThrow(() -> e);
      if (!isOwn(context, there)) {
        throw exists(context);
      }
      return Begun.accepted("is being restored").noting(Notes.identity(there));
    }
  }

  /** Whoever has the key has the items. */
  @Override
  public boolean guarded(StepContext context) {
    return spec(context).encryptionKey().isPresent();
  }

  @Override
  public String makes(StepContext context) {
    return "the table " + context.name() + " in " + home();
  }

  /**
   * What it holds is in its source still. One whose answer was lost may be another operation's, of
   * the same source at the same time, and is left.
   */
  @Override
  public Undone undo(StepContext context) {
    Optional<TableDescription> found = regions.home().find(context.name());
    if (found.isEmpty() || !isOwn(context, found.get())) {
      return Undone.gone();
    }
    if (!answered(context)) {
      return Undone.stays(makes(context) + ", if no other operation has restored it");
    }
    TableStatus status = found.get().tableStatus();
    if (status == TableStatus.CREATING
        || status == TableStatus.UPDATING
        || status == TableStatus.DELETING) {
      return Undone.going("is " + status);
    }
    if (Boolean.TRUE.equals(found.get().deletionProtectionEnabled())) {
      return Undone.stays(makes(context));
    }
    regions.home().delete(context.name());
    return Undone.going("is deleted");
  }
}
