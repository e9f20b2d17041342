/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.BusyException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.Network;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.mapping.Asked;
import io.clouddb.spi.mapping.FieldTable;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.Undone;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceReadReplicaRequest;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.Tag;

/**
 * Makes the read replica. It is known again by the operation's id, which it has as a tag; whatever
 * else has its name is somebody else's.
 */
final class CreateReplicaStep extends InstanceStep {
  private final FieldTable<DBInstance> fields;
  private final String region;

  CreateReplicaStep(RdsCalls rds, FieldTable<DBInstance> fields, String region) {
    super("replica", rds);
    this.fields = fields;
    this.region = region;
  }

  /** Built also to say at once what is wrong with it. */
  CreateDbInstanceReadReplicaRequest request(StepContext context) {
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
    String its = spec.source().orElseThrow().location();
    if (!its.equals(region)) {
      // By it the SDK signs the request for the source's region.
      request.sourceRegion(its);
      if (spec.network().isEmpty()) {
        // RDS would make it reachable from the internet where no subnet group is named.
        request.publiclyAccessible(false);
      }
    }
    context.customizations().apply(CreateDbInstanceReadReplicaRequest.Builder.class, request);
    CreateDbInstanceReadReplicaRequest built = request.build();
    if (!source.equals(built.sourceDBInstanceIdentifier())) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT, "Native.customize must not name another source")
          .toException();
    }
    List<Tag> tags = new ArrayList<>(built.tags());
    tags.add(Tag.builder().key(OperationState.CREATION_TAG).value(context.state().id()).build());
    return request.dbInstanceIdentifier(context.name()).tags(tags).build();
  }

  private static boolean isOwn(DBInstance instance, StepContext context) {
    return context
        .state()
        .id()
        .equals(RdsCalls.tags(instance.tagList()).get(OperationState.CREATION_TAG));
  }

  @Override
  public Look look(StepContext context) {
    if (answered(context)) {
      return Look.happened();
    }
    Optional<DBInstance> found = rds.find(context.name());
    if (found.isEmpty()) {
      return Look.missing();
    }
    return isOwn(found.get(), context)
        ? Look.found(Map.of())
        : Look.failed(CreateInstanceStep.exists(found.get()));
  }

  @Override
  public Begun begin(StepContext context) {
    CreateDbInstanceReadReplicaRequest request = request(context);
    try {
      rds.createReplica(request);
    } catch (AlreadyExistsException e) {
      // The HTTP client may have sent the request twice, or an earlier attempt shows only now.
      Optional<DBInstance> found = rds.find(context.name());
      if (found.isPresent() && !isOwn(found.get(), context)) {
        throw CreateInstanceStep.exists(found.get());
      }
      if (found.isEmpty()) {
        throw context.state().tries() > 1
            ? e.details().toBuilder().outcomeKnown(false).retryable(false).toException(e)
            : e;
      }
    } catch (BusyException e) {
      // Its source's state, which another operation on that may change.
      throw Refusals.meaning(context, "available", e);
    }
    return answered(context, "creation of the replica has begun");
  }

  @Override
  public boolean guarded(StepContext context) {
    return context.specification(ReplicaSpec.class).network().filter(Network::isPublic).isPresent();
  }

  @Override
  public String makes(StepContext context) {
    return "the read replica " + context.name();
  }

  /** A replica that failed stays, for its events to be looked at. */
  @Override
  public Undone undo(StepContext context) {
    Optional<DBInstance> found =
        rds.find(context.name()).filter(instance -> isOwn(instance, context));
    if (found.isPresent()) {
      return Undone.stays(makes(context));
    }
    boolean lost = context.state().failure().filter(e -> !e.details().outcomeKnown()).isPresent();
    return lost
        ? Undone.stays(makes(context) + ", if a request whose answer was lost has made it")
        : Undone.gone();
  }
}
