/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.ResourceId;
import io.clouddb.backup.BackupSpec;
import io.clouddb.error.BusyException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.mapping.Asked;
import io.clouddb.spi.mapping.FieldTable;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.rds.model.CreateDbSnapshotRequest;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBSnapshot;

/** Takes a snapshot of an instance, once it is in a state in which RDS takes one. */
final class TakeSnapshotStep extends SnapshotStep {
  private final FieldTable<DBSnapshot> fields;
  private final String region;

  TakeSnapshotStep(RdsCalls rds, FieldTable<DBSnapshot> fields, String region) {
    super(rds);
    this.fields = fields;
    this.region = region;
  }

  private static ResourceId source(StepContext context) {
    return spec(context).source().orElseThrow();
  }

  /**
   * Built also to say at once what is wrong with it.
   *
   * @param context the operation
   * @param instance the instance as it is
   */
  CreateDbSnapshotRequest request(StepContext context, DBInstance instance) {
    BackupSpec spec = spec(context);
    Asked asked = new Asked(spec, region);
    // A token that is not sealed may ask for what no plan has seen.
    var unused = fields.plan(asked).orThrow();
    CreateDbSnapshotRequest.Builder request =
        fields.write(SnapshotFields.CREATE, CreateDbSnapshotRequest.builder(), asked);
    context.customizations().apply(CreateDbSnapshotRequest.Builder.class, request);
    CreateDbSnapshotRequest built = request.build();
    if (!spec.name().equals(built.dbSnapshotIdentifier())
        || !source(context).name().equals(built.dbInstanceIdentifier())) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              "Native.customize must not name another snapshot or instance")
          .toException();
    }
    return request.tags(tags(built.tags(), copied(instance), context)).build();
  }

  /**
   * RDS itself copies an instance's tags only to a snapshot for which none are named: "In these
   * cases, RDS doesn't copy tags from the source DB instance to the new DB snapshot" (<em>Copying
   * tags to DB instance snapshots</em> in the user guide).
   */
  private static Map<String, String> copied(DBInstance instance) {
    return Boolean.TRUE.equals(instance.copyTagsToSnapshot())
        ? SnapshotView.callers(RdsCalls.tags(instance.tagList()))
        : Map.of();
  }

  /**
   * The instance that was meant; a later one of its name, which an old token may find, is not it.
   */
  private DBInstance instance(StepContext context) {
    ResourceId source = source(context);
    Optional<DBInstance> found =
        rds.find(source.name())
            .filter(
                one ->
                    context
                        .value(Notes.SOURCE_ID)
                        .filter(id -> !id.equals(one.dbiResourceId()))
                        .isEmpty());
    return found.orElseThrow(
        () ->
            ErrorDetails.of(
                    ErrorCategory.NOT_FOUND,
                    source.name()
                        + ", of which "
                        + spec(context).name()
                        + " is to be, is not there any more")
                .operation("rds.CreateDBSnapshot")
                .resource(source.toString())
                .toException());
  }

  /**
   * Says why RDS takes no snapshot of an instance, now and later. The API Reference: "The source DB
   * instance must be in the available or storage-optimization state."
   */
  static Optional<CloudDbException> refusal(DBInstance instance) {
    String status = instance.dbInstanceStatus();
    boolean never =
        status.equals(RdsStates.STOPPED)
            || status.equals(RdsStates.DELETING)
            || RdsStates.failed(status);
    String why =
        !"postgres".equals(instance.engine())
            ? "its engine is " + instance.engine() + ", and only postgres is backed up here"
            : never ? "it is " + status : "";
    return why.isEmpty()
        ? Optional.empty()
        : Optional.of(
            ErrorDetails.of(
                    ErrorCategory.CONDITION_FAILED,
                    "RDS takes no snapshot of " + instance.dbInstanceIdentifier() + ": " + why)
                .operation("rds.CreateDBSnapshot")
                .resource(instance.dbInstanceArn())
                .nextStep(never ? RdsStates.remedy(status) : null)
                .toException());
  }

  /** RDS takes the request while the instance is available only. */
  @Override
  Look absent(StepContext context) {
    DBInstance instance = instance(context);
    Optional<CloudDbException> refusal = refusal(instance);
    if (refusal.isPresent()) {
      return Look.failed(refusal.get());
    }
    String status = instance.dbInstanceStatus();
    return RdsStates.resting(status)
        ? missing(context, source(context).name() + " is " + status)
        : going(context, status);
  }

  @Override
  Optional<DBSnapshot> create(StepContext context) {
    DBInstance instance = instance(context);
    try {
      return snapshots.create(request(context, instance));
    } catch (BusyException e) {
      DBInstance now = instance(context);
      Optional<CloudDbException> refusal = refusal(now);
      if (refusal.isPresent()) {
        throw refusal.get().details().toBuilder().toException(e);
      }
      throw Refusals.meaning(context, source(context).name(), now.dbInstanceStatus(), e);
    }
  }
}
