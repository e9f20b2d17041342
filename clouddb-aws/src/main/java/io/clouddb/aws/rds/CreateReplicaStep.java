/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.ResourceId;
import io.clouddb.error.BusyException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.Network;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.spi.mapping.Asked;
import io.clouddb.spi.mapping.FieldTable;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceReadReplicaRequest;
import software.amazon.awssdk.services.rds.model.DBInstance;

/** Makes the read replica, once its source is in a state in which RDS takes that. */
final class CreateReplicaStep extends CreateStep {
  private final FieldTable<DBInstance> fields;
  private final String region;
  private final Function<String, RdsCalls> regions;

  CreateReplicaStep(
      Function<String, RdsCalls> regions, FieldTable<DBInstance> fields, String region) {
    super(
        "replica",
        regions.apply(region),
        "read replica",
        "look at the existing one by replicas().find(...)");
    this.fields = fields;
    this.region = region;
    this.regions = regions;
  }

  private static ResourceId source(StepContext context) {
    return context.specification(ReplicaSpec.class).source().orElseThrow();
  }

  /**
   * Built also to say at once what is wrong with it.
   *
   * @param context the operation
   * @param from the source as it is
   */
  CreateDbInstanceReadReplicaRequest request(StepContext context, DBInstance from) {
    ReplicaSpec spec = context.specification(ReplicaSpec.class);
    Asked asked = new Asked(spec, region);
    // A token that is not sealed may ask for what no plan has seen.
    var unused = fields.plan(asked).orThrow();
    CreateDbInstanceReadReplicaRequest.Builder request =
        fields.write(
            CreateDbInstanceReadReplicaRequest.Builder.class,
            CreateDbInstanceReadReplicaRequest.builder(),
            asked);
    String source = context.value(Notes.SOURCE).orElseThrow();
    request.sourceDBInstanceIdentifier(source);
    String its = source(context).location();
    if (!its.equals(region)) {
      // By it the SDK signs the request for the source's region.
      request.sourceRegion(its);
    }
    context.customizations().apply(CreateDbInstanceReadReplicaRequest.Builder.class, request);
    CreateDbInstanceReadReplicaRequest built = request.build();
    if (!source.equals(built.sourceDBInstanceIdentifier())) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT, "Native.customize must not name another source")
          .toException();
    }
    if (its.equals(region) && built.dbSubnetGroupName() == null) {
      // Named by its ARN, RDS would put the replica into the default network and not its source's.
      request.sourceDBInstanceIdentifier(source(context).name());
    } else if (built.publiclyAccessible() == null) {
      // RDS would make it reachable from the internet where no subnet group is named, or "default".
      request.publiclyAccessible(false);
    }
    ReplicaDisk.like(from, request);
    return request.dbInstanceIdentifier(context.name()).tags(tags(built.tags(), context)).build();
  }

  /** The source that was meant; a later one of its name, which an old token may find, is not it. */
  private Optional<DBInstance> findSource(StepContext context) {
    ResourceId source = source(context);
    Optional<DBInstance> found = regions.apply(source.location()).find(source.name());
    Optional<String> meant = context.value(Notes.SOURCE_ID);
    if (found.isPresent()
        && meant.filter(id -> !id.equals(found.get().dbiResourceId())).isPresent()) {
      throw gone(context, ": there is another DB instance of its name now");
    }
    return found;
  }

  /** The length of its chain was looked at before the first step, and does not change by itself. */
  private Optional<CloudDbException> refusal(StepContext context, Optional<DBInstance> source) {
    return source.isEmpty()
        ? Optional.of(gone(context, ""))
        : ReplicaSource.refusal(source.get(), List.of(), request(context, source.get()), region);
  }

  private static CloudDbException gone(StepContext context, String why) {
    ResourceId source = source(context);
    return ErrorDetails.of(
            ErrorCategory.NOT_FOUND,
            source.name()
                + " in "
                + source.location()
                + ", which "
                + context.name()
                + " is to follow, is not there any more"
                + why)
        .operation("rds.CreateDBInstanceReadReplica")
        .resource(source.toString())
        .toException();
  }

  /** RDS takes the request while the source is available only; that state is the source's own. */
  @Override
  Look absent(StepContext context) {
    if (context.asked()) {
      // It may be made, and count among the source's replicas, before it shows itself.
      return Look.missing();
    }
    Optional<DBInstance> source = findSource(context);
    Optional<CloudDbException> refusal = refusal(context, source);
    if (refusal.isPresent()) {
      return Look.failed(refusal.get());
    }
    String status = source.orElseThrow().dbInstanceStatus();
    String message = "its source " + source(context).name() + " is " + status;
    return RdsStates.resting(status)
        ? Look.missing(message, Refusals.seen(context, status))
        : new Look.Going(message, null, Refusals.seen(context, status));
  }

  @Override
  Optional<DBInstance> create(StepContext context) {
    DBInstance from = findSource(context).orElseThrow(() -> gone(context, ""));
    try {
      return rds.createReplica(request(context, from));
    } catch (BusyException e) {
      Optional<DBInstance> source = findSource(context);
      Optional<CloudDbException> refusal = refusal(context, source);
      if (refusal.isPresent()) {
        throw refusal.get().details().toBuilder().toException(e);
      }
      throw Refusals.meaning(
          context, source(context).name(), source.orElseThrow().dbInstanceStatus(), e);
    }
  }

  /** What a promotion has made of it since has data of its own, and is nothing to remove. */
  @Override
  boolean stillOwn(DBInstance instance) {
    return ReplicaView.isReplica(instance);
  }

  @Override
  public boolean guarded(StepContext context) {
    return context.specification(ReplicaSpec.class).network().filter(Network::isPublic).isPresent();
  }
}
