/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.Undone;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.CreateReplicationGroupMemberAction;
import software.amazon.awssdk.services.dynamodb.model.MultiRegionConsistency;
import software.amazon.awssdk.services.dynamodb.model.ReplicaDescription;
import software.amazon.awssdk.services.dynamodb.model.ReplicaStatus;
import software.amazon.awssdk.services.dynamodb.model.ReplicationGroupUpdate;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.dynamodb.model.UpdateTableRequest;

/**
 * Adds replicas, by UpdateTable: global tables of version 2019.11.21. CreateGlobalTable makes those
 * of version 2017.11.29, which AWS advises against, need empty tables made by hand in each region,
 * and have none of what later versions have. One replica at a time is made, but for a table that is
 * consistent over its regions, whose replicas come in one request.
 */
final class ReplicaStep extends TableStep {
  static final String NAME = "replica";
  private static final String TOGETHER = "+";

  ReplicaStep(RegionalCalls regions) {
    super(NAME, regions);
  }

  @Override
  public List<String> items(StepContext context) {
    List<String> added = added(context);
    return wanted(context).strong() && !added.isEmpty()
        ? List.of(String.join(TOGETHER, added))
        : added;
  }

  private static List<String> names(StepContext context) {
    return List.of(context.item().split("\\+", -1));
  }

  @Override
  public Look look(StepContext context) {
    Optional<TableDescription> found = find(context);
    if (found.isEmpty()) {
      return Look.missing("not visible yet");
    }
    List<String> missing = new ArrayList<>();
    for (String name : names(context)) {
      Optional<ReplicaDescription> replica = replica(found.get(), name);
      if (replica.isEmpty()) {
        missing.add(name);
      } else if (isChange(context) && hasAnotherKey(context, replica.get())) {
        return Look.failed(another(context, name));
      } else {
        Optional<Look> unsettled = Settling.unsettled(replica.get());
        if (unsettled.isPresent()) {
          return unsettled.get();
        }
      }
    }
    if (missing.isEmpty()) {
      return isChange(context) ? Look.happened() : Look.found(Map.of());
    }
    return Settling.unsettled(found.get(), home())
        .orElseGet(() -> Look.missing("no replica in " + String.join(", ", missing) + " yet"));
  }

  static Optional<ReplicaDescription> replica(TableDescription table, String region) {
    return table.replicas().stream()
        .filter(replica -> replica.regionName().equals(region))
        .findFirst();
  }

  @Override
  public Begun begin(StepContext context) {
    Wanted wanted = wanted(context);
    UpdateTableRequest.Builder request =
        UpdateTableRequest.builder()
            .tableName(context.name())
            .replicaUpdates(names(context).stream().map(name -> create(wanted, name)).toList());
    if (wanted.strong()) {
      request.multiRegionConsistency(MultiRegionConsistency.STRONG);
    }
    try {
      regions.home().update(request.build());
    } catch (CloudDbException e) {
      return refused(context, e);
    }
    return Begun.accepted("the replica in " + context.item() + " is being made");
  }

  @Override
  boolean isUnderWay(StepContext context) {
    return find(context).stream()
        .anyMatch(
            table ->
                names(context).stream()
                    .allMatch(
                        name ->
                            replica(table, name)
                                .filter(its -> its.replicaStatus() != ReplicaStatus.DELETING)
                                .isPresent()));
  }

  /** As far as DynamoDB tells: what an alias stands for it does not. */
  private boolean hasAnotherKey(StepContext context, ReplicaDescription replica) {
    String now = replica.kmsMasterKeyId();
    return now != null
        && wanted(context)
            .key(replica.regionName())
            .filter(key -> !RegionFields.isAlias(key) && !RegionFields.isAlias(now))
            .filter(key -> !RegionFields.isKey(key, now) && !RegionFields.isKey(now, key))
            .isPresent();
  }

  private static CloudDbException another(StepContext context, String region) {
    return ErrorDetails.of(
            ErrorCategory.CONDITION_FAILED,
            "Somebody else has added a replica of "
                + context.name()
                + " in "
                + region
                + ", with another key than the one that is asked for")
        .operation("dynamodb.UpdateTable")
        .resource(context.resource().toString())
        .nextStep("Change its key by modify(...).encryptionKey(...), if it is to be that one.")
        .toException();
  }

  private static ReplicationGroupUpdate create(Wanted wanted, String region) {
    CreateReplicationGroupMemberAction.Builder create =
        CreateReplicationGroupMemberAction.builder().regionName(region);
    wanted.key(region).ifPresent(create::kmsMasterKeyId);
    return ReplicationGroupUpdate.builder().create(create.build()).build();
  }

  /** Whoever has the key has the items that are there. */
  @Override
  public boolean guarded(StepContext context) {
    return isChange(context)
        && names(context).stream().anyMatch(name -> wanted(context).key(name).isPresent());
  }

  @Override
  public String makes(StepContext context) {
    return "the replica of " + context.name() + " in " + context.item();
  }

  /**
   * A replica of a table that the operation has made is its own, and so is what scales it: DynamoDB
   * registers the writes' there itself, and leaves it behind.
   */
  @Override
  public Undone undo(StepContext context) {
    Optional<TableDescription> found =
        regions.home().find(context.name()).filter(table -> isThatOne(context, table));
    List<String> there =
        names(context).stream()
            .filter(name -> found.flatMap(table -> replica(table, name)).isPresent())
            .toList();
    if (there.isEmpty()) {
      return unscaled(context);
    }
    if (Settling.unsettled(found.orElseThrow(), home())
        .filter(Look.Going.class::isInstance)
        .isPresent()) {
      return Undone.going("is not at rest yet");
    }
    regions.home().update(RemoveReplicaStep.request(found.orElseThrow(), there));
    return Undone.going("is being removed");
  }

  private Undone unscaled(StepContext context) {
    for (String name : names(context)) {
      Optional<TableDescription> left = regions.in(name).find(context.name());
      if (left.filter(table -> table.tableStatus() == TableStatus.DELETING).isPresent()) {
        return Undone.going("is not gone yet");
      }
      // One that stays is somebody else's, with what scales it.
      if (left.isEmpty()) {
        ScalingClient scaling = regions.scaling(name);
        scaling.left(context.name()).forEach(scaling::deregister);
      }
    }
    return Undone.gone();
  }
}
