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
import io.clouddb.table.TimeToLive;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.LocalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughput;
import software.amazon.awssdk.services.dynamodb.model.RestoreSummary;
import software.amazon.awssdk.services.dynamodb.model.RestoreTableFromBackupRequest;
import software.amazon.awssdk.services.dynamodb.model.RestoreTableToPointInTimeRequest;
import software.amazon.awssdk.services.dynamodb.model.SSESpecification;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
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
   * What the table has to be in the end. A backup does not tell the types of its keys, and no step
   * that goes by this asks for them; that of the attribute by which items expire is a number
   * wherever it is no part of the table's own key.
   *
   * @param region where it is made
   */
  static GlobalTableSpec after(TableRestoreSpec spec, RestoreSource source, String region) {
    requireIndexes(spec, source);
    if (spec.encryptionKey().isEmpty() && source.encrypted() && source.isElsewhere(region)) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              "The source of "
                  + spec.name()
                  + " is encrypted by a key of KMS, which "
                  + region
                  + " does not have")
          .nextStep(
              "Name a key of that region: encryptionKey(...), alias/aws/dynamodb for AWS' own.")
          .toException();
    }
    List<AttributeDefinition> numbers =
        spec.timeToLive().flatMap(TimeToLive::attribute).stream()
            .map(
                expiry ->
                    AttributeDefinition.builder()
                        .attributeName(expiry)
                        .attributeType(ScalarAttributeType.N)
                        .build())
            .toList();
    GlobalTableSpec.Builder after =
        GlobalTableSpec.builder(spec.name(), Schemas.key(source.schema(), List.of()));
    for (GlobalSecondaryIndex index : kept(spec, source)) {
      after.index(IndexSpec.of(index.indexName(), Schemas.key(index.keySchema(), numbers)));
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
        ? backups.restore(fromBackup(spec, source, home()))
        : backups.restore(toMoment(spec, source));
  }

  private static RestoreTableFromBackupRequest fromBackup(
      TableRestoreSpec spec, RestoreSource source, String region) {
    RestoreTableFromBackupRequest.Builder request =
        RestoreTableFromBackupRequest.builder()
            .targetTableName(spec.name())
            .backupArn(source.arn())
            .billingModeOverride(billing(spec))
            .provisionedThroughputOverride(units(spec));
    spec.encryptionKey()
        .ifPresent(key -> request.sseSpecificationOverride(RegionFields.encryption(key)));
    if (spec.encryptionKey().isEmpty() && source.isElsewhere(region)) {
      // "sseSpecificationOverride must be provided for cross-region restores": the same as there.
      request.sseSpecificationOverride(SSESpecification.builder().enabled(false).build());
    }
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
    if (!isMadeSince(context, table)) {
      return false;
    }
    return summary == null
        ? isMadeMeanwhile(context, table)
        : context
            .value(Notes.SOURCE)
            .filter(
                arn ->
                    arn.equals(summary.sourceBackupArn()) || arn.equals(summary.sourceTableArn()))
            .isPresent();
  }

  /**
   * Whether it came, with the key that it has to have, between this process' look that saw none of
   * its name and the one after the request whose answer was lost.
   */
  private boolean isMadeMeanwhile(StepContext context, TableDescription table) {
    return context.asked()
        && !context.resumed()
        && Set.copyOf(table.keySchema())
            .equals(Set.copyOf(Schemas.schema(wanted(context).spec().key())));
  }

  /**
   * Whether nobody can tell whose it is: a table that DynamoDB has restored says so only while it
   * does that.
   */
  private static boolean isDoubtful(StepContext context, TableDescription table) {
    return context.resumed()
        && context.value(Notes.TABLE_ID).isEmpty()
        && table.restoreSummary() == null
        && isMadeSince(context, table);
  }

  /** Whether it may be that of a request of this operation. */
  private static boolean isMadeSince(StepContext context, TableDescription table) {
    return (context.asked() || context.resumed())
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
        : Look.failed(notOwn(context, found.get()));
  }

  private CloudDbException notOwn(StepContext context, TableDescription table) {
    return isDoubtful(context, table)
        ? ErrorDetails.of(
                ErrorCategory.OUTCOME_UNKNOWN,
                "There is a table "
                    + context.name()
                    + " in "
                    + home()
                    + ", made since this operation began, and nothing tells whether it is restored"
                    + " by it")
            .operation("dynamodb.DescribeTable")
            .resource(context.resource().toString())
            .nextStep(
                "Look at its items. If it is the restored one, set by modify(...) what was asked"
                    + " for beside it; if not, restore under another name.")
            .toException()
        : exists(context);
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
        throw notOwn(context, there);
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
    if (found.isEmpty()) {
      return Undone.gone();
    }
    if (!isOwn(context, found.get())) {
      return isDoubtful(context, found.get())
          ? Undone.stays(makes(context) + ", if no other operation has made it")
          : Undone.gone();
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
