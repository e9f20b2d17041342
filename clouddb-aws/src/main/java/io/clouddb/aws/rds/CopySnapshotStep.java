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
import java.util.Optional;
import java.util.function.Function;
import software.amazon.awssdk.services.rds.model.CopyDbSnapshotRequest;
import software.amazon.awssdk.services.rds.model.DBSnapshot;

/** Copies a snapshot into this region. */
final class CopySnapshotStep extends SnapshotStep {
  private final FieldTable<DBSnapshot> fields;
  private final String region;
  private final Function<String, RdsCalls> regions;

  CopySnapshotStep(
      Function<String, RdsCalls> regions, FieldTable<DBSnapshot> fields, String region) {
    super(regions.apply(region));
    this.fields = fields;
    this.region = region;
    this.regions = regions;
  }

  static ResourceId source(StepContext context) {
    return spec(context).source().orElseThrow();
  }

  /**
   * Built also to say at once what is wrong with it.
   *
   * @param context the operation
   * @param from the source as it is
   */
  CopyDbSnapshotRequest request(StepContext context, DBSnapshot from) {
    BackupSpec spec = spec(context);
    Asked asked = new Asked(spec, region);
    // A token that is not sealed may ask for what no plan has seen.
    var unused = fields.plan(asked).orThrow();
    CopyDbSnapshotRequest.Builder request =
        fields.write(SnapshotFields.COPIES, CopyDbSnapshotRequest.builder(), asked);
    String source =
        source(context).location().equals(region)
            ? from.dbSnapshotIdentifier()
            : from.dbSnapshotArn();
    request.sourceDBSnapshotIdentifier(source);
    context.customizations().apply(CopyDbSnapshotRequest.Builder.class, request);
    CopyDbSnapshotRequest built = request.build();
    if (!spec.name().equals(built.targetDBSnapshotIdentifier())
        || !String.valueOf(source).equals(built.sourceDBSnapshotIdentifier())) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT, "Native.customize must not name another snapshot")
          .toException();
    }
    // By CopyTags they would come without those that are asked for.
    return request
        .copyTags(null)
        .tags(tags(built.tags(), SnapshotView.callers(RdsCalls.tags(from.tagList())), context))
        .build();
  }

  private DBSnapshot from(StepContext context) {
    ResourceId source = source(context);
    return new SnapshotCalls(regions.apply(source.location()))
        .find(source.name())
        .filter(found -> Notes.isNoted(context, found))
        .orElseThrow(
            () ->
                ErrorDetails.of(
                        ErrorCategory.NOT_FOUND,
                        "The DB snapshot "
                            + source.name()
                            + " in "
                            + source.location()
                            + ", of which "
                            + spec(context).name()
                            + " is to be a copy, is not there any more")
                    .operation("rds.CopyDBSnapshot")
                    .resource(source.toString())
                    .toException());
  }

  /**
   * Says why a snapshot cannot be copied so.
   *
   * @param from the source as it is
   * @param request what is to be sent
   * @param region the copy's
   */
  static Optional<CloudDbException> refusal(
      DBSnapshot from, CopyDbSnapshotRequest request, String region) {
    boolean far = request.sourceRegion() != null && !request.sourceRegion().equals(region);
    boolean encrypted = Boolean.TRUE.equals(from.encrypted());
    return SnapshotUse.refusal(from, "copied")
        .or(
            () ->
                far && encrypted && request.kmsKeyId() == null
                    ? Optional.of(noKey(from, region))
                    : Optional.empty());
  }

  private static CloudDbException noKey(DBSnapshot from, String region) {
    return ErrorDetails.of(
            ErrorCategory.CONDITION_FAILED,
            from.dbSnapshotIdentifier()
                + " is encrypted, and its key cannot be used in "
                + region
                + ": RDS copies it with a key of that region only")
        .operation("rds.CopyDBSnapshot")
        .resource(from.dbSnapshotArn())
        .nextStep("Name a key of " + region + " by encryptionKey(...); nothing has happened.")
        .toException();
  }

  @Override
  Look absent(StepContext context) {
    DBSnapshot from = from(context);
    return refusal(from, request(context, from), region).map(Look::failed).orElseGet(Look::missing);
  }

  @Override
  Optional<DBSnapshot> create(StepContext context) {
    DBSnapshot from = from(context);
    try {
      return snapshots.copy(request(context, from));
    } catch (BusyException e) {
      Optional<CloudDbException> refusal = SnapshotUse.refusal(from(context), "copied");
      if (refusal.isPresent()) {
        throw refusal.get().details().toBuilder().toException(e);
      }
      throw Refusals.meaning(context, source(context).name(), SnapshotView.AVAILABLE, e);
    }
  }
}
