/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.ResourceId;
import io.clouddb.backup.BackupReplicationSpec;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.QuotaException;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.mapping.Asked;
import io.clouddb.spi.mapping.FieldTable;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBInstanceAutomatedBackup;
import software.amazon.awssdk.services.rds.model.DBSnapshot;
import software.amazon.awssdk.services.rds.model.StartDbInstanceAutomatedBackupsReplicationRequest;

/**
 * Begins to keep the automated backups of an instance of another region here. They are known again
 * by the operation's id, which they have as a tag.
 */
final class ReplicationStep extends InstanceStep {
  /** The source may be on its way to another state for as long as it takes. */
  private static final Duration LIMIT = Duration.ofHours(6);

  private final Function<String, RdsCalls> regions;
  private final FieldTable<DBSnapshot> fields;
  private final String region;
  private final AutomatedBackupCalls backups;

  ReplicationStep(
      Function<String, RdsCalls> regions, FieldTable<DBSnapshot> fields, String region) {
    super("replication", regions.apply(region));
    this.regions = regions;
    this.fields = fields;
    this.region = region;
    this.backups = new AutomatedBackupCalls(rds);
  }

  @Override
  public Duration limit() {
    return LIMIT;
  }

  static ResourceId source(StepContext context) {
    return context.specification(BackupReplicationSpec.class).source().orElseThrow();
  }

  /**
   * Looks at the source, and at what is here already.
   *
   * @param here the calls of this region, while the caller waits
   * @param instance the source as it is
   * @param context the operation
   * @return what is to be noted
   */
  Map<String, String> prepare(AutomatedBackupCalls here, DBInstance instance, StepContext context) {
    Map<String, String> notes = new HashMap<>();
    notes.put(Notes.SOURCE, instance.dbInstanceArn());
    if (instance.dbiResourceId() != null) {
      notes.put(Notes.SOURCE_ID, instance.dbiResourceId());
    }
    StepContext noted = context.with(context.state().with(notes));
    if (replicated(here, noted).isPresent()) {
      throw exists(context);
    }
    StartDbInstanceAutomatedBackupsReplicationRequest request = request(noted);
    String name = instance.dbInstanceIdentifier();
    if (!"postgres".equals(instance.engine())) {
      throw refused(instance, "The engine of " + name + " is " + instance.engine(), null);
    }
    if (ReplicaView.isReplica(instance)) {
      // "Point-in-time recovery (PITR) isn't supported for read replicas."
      throw refused(
          instance,
          name + " is a replica, which has no points in time: there is nothing to keep here",
          "Keep the backups of its source.");
    }
    if (instance.backupRetentionPeriod() == null || instance.backupRetentionPeriod() == 0) {
      throw refused(
          instance,
          "The automated backups of " + name + " are off: there is nothing to keep here",
          "Switch them on by modify(...).backups(...).");
    }
    if (Boolean.TRUE.equals(instance.storageEncrypted()) && request.kmsKeyId() == null) {
      throw refused(
          instance,
          name + " is encrypted, and its key cannot be used in " + region,
          "Name a key of " + region + " by encryptionKey(...).");
    }
    return notes;
  }

  private static CloudDbException refused(
      DBInstance instance, String message, @Nullable String nextStep) {
    return ErrorDetails.of(ErrorCategory.CONDITION_FAILED, message)
        .operation("rds.StartDBInstanceAutomatedBackupsReplication")
        .resource(instance.dbInstanceArn())
        .nextStep(nextStep)
        .toException();
  }

  /**
   * Those of the instance that are kept here and go on; what an earlier replication left is not.
   */
  static Optional<DBInstanceAutomatedBackup> replicated(
      AutomatedBackupCalls backups, StepContext context) {
    ResourceId source = source(context);
    return AutomatedBackupView.of(
            backups.of(source.name()), source, context.value(Notes.SOURCE_ID).orElse(null))
        .filter(backup -> !AutomatedBackupView.isRetained(backup));
  }

  private static boolean isOwn(DBInstanceAutomatedBackup backup, StepContext context) {
    return context
        .state()
        .id()
        .equals(RdsCalls.tags(backup.tagList()).get(OperationState.CREATION_TAG));
  }

  private CloudDbException exists(StepContext context) {
    return ErrorDetails.of(
            ErrorCategory.ALREADY_EXISTS,
            "The automated backups of "
                + source(context).name()
                + " are kept in "
                + region
                + " already")
        .resource(context.resource().toString())
        .nextStep(
            "Look at them by backups().window(...); end that by backups().endReplication(...) to have"
                + " another retention or key.")
        .toException();
  }

  private StartDbInstanceAutomatedBackupsReplicationRequest request(StepContext context) {
    Asked asked = new Asked(context.specification(BackupReplicationSpec.class), region);
    // A token that is not sealed may ask for what no plan has seen.
    var unused = fields.plan(asked).orThrow();
    StartDbInstanceAutomatedBackupsReplicationRequest.Builder request =
        fields.write(
            ReplicationFields.START,
            StartDbInstanceAutomatedBackupsReplicationRequest.builder(),
            asked);
    String source = context.value(Notes.SOURCE).orElseThrow();
    request.sourceDBInstanceArn(source);
    context.customizations().apply(ReplicationFields.START, request);
    StartDbInstanceAutomatedBackupsReplicationRequest built = request.build();
    if (!source.equals(built.sourceDBInstanceArn())) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT, "Native.customize must not name another instance")
          .toException();
    }
    return request.tags(Tags.together(built.tags(), context)).build();
  }

  @Override
  public Look look(StepContext context) {
    if (answered(context)) {
      return Look.happened();
    }
    Optional<DBInstanceAutomatedBackup> found = replicated(backups, context);
    if (found.isEmpty()) {
      return Look.missing();
    }
    if (isOwn(found.get(), context)) {
      return Look.found(Map.of());
    }
    return context.asked() && found.get().tagList().isEmpty()
        ? Look.going("its tags are not visible yet")
        : Look.failed(exists(context));
  }

  @Override
  public Begun begin(StepContext context) {
    ResourceId source = source(context);
    Optional<String> id = context.value(Notes.SOURCE_ID);
    // RDS is told the name only: what an old token is about may be gone, and a later one there.
    if (id.isPresent()
        && regions
            .apply(source.location())
            .find(source.name())
            .filter(there -> id.get().equals(there.dbiResourceId()))
            .isEmpty()) {
      throw ErrorDetails.of(
              ErrorCategory.NOT_FOUND,
              "The DB instance "
                  + source.name()
                  + " is gone, or there is another one of its name now")
          .operation("rds.DescribeDBInstances")
          .resource(source.toString())
          .providerCode("DBInstanceNotFound")
          .toException();
    }
    try {
      backups.startReplication(request(context));
    } catch (QuotaException e) {
      throw Refusals.advising(
          e, "Or end another replication into " + region + " by backups().endReplication(...).");
    }
    return answered(context, "the replication has begun");
  }

  @Override
  public String makes(StepContext context) {
    return "the replication of the automated backups of " + source(context).name();
  }
}
