/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.error.CloudDbException;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.DeleteReplicationGroupMemberAction;
import software.amazon.awssdk.services.dynamodb.model.GlobalTableWitnessGroupUpdate;
import software.amazon.awssdk.services.dynamodb.model.ReplicaDescription;
import software.amazon.awssdk.services.dynamodb.model.ReplicaStatus;
import software.amazon.awssdk.services.dynamodb.model.ReplicationGroupUpdate;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.UpdateTableRequest;

/**
 * Removes replicas, of a change or before their table is deleted, and waits until they are gone.
 */
final class RemoveReplicaStep extends TableStep {
  static final String NAME = "remove replica";

  RemoveReplicaStep(RegionalCalls regions) {
    super(NAME, regions);
  }

  /** Those of a table that is consistent over its regions go in one request. */
  @Override
  public List<String> items(StepContext context) {
    List<String> all = Notes.list(context, Notes.REPLICAS);
    return context.value(Notes.TOGETHER).isPresent() && !all.isEmpty()
        ? List.of(String.join("+", all))
        : all;
  }

  private static List<String> names(StepContext context) {
    return List.of(context.item().split("\\+", -1));
  }

  @Override
  public Look look(StepContext context) {
    Optional<TableDescription> found =
        regions.home().find(context.name()).filter(table -> isThatOne(context, table));
    if (found.isEmpty()) {
      return isChange(context)
          ? Look.failed(gone(context, "There is none of its name"))
          : Look.happened();
    }
    List<String> there = new ArrayList<>();
    for (String name : names(context)) {
      Optional<ReplicaDescription> replica = ReplicaStep.replica(found.get(), name);
      if (replica.isPresent()) {
        if (replica.get().replicaStatus() == ReplicaStatus.DELETING) {
          return Look.going("the replica in " + name + " is being removed");
        }
        there.add(name);
      } else if (isThere(context, name)) {
        return Look.going("the replica in " + name + " is not gone yet");
      }
    }
    if (there.isEmpty()) {
      return found.get().globalTableWitnesses().isEmpty()
          ? Look.happened()
          : Look.going("its witness is being removed");
    }
    // One that has failed, or whose region is off, can be removed and need not rest.
    return Settling.unsettled(found.get(), home())
        .filter(Look.Going.class::isInstance)
        .orElseGet(() -> Look.missing("is still in " + String.join(", ", there)));
  }

  /** What a region does not tell that is off or down, the home region has told: it is gone. */
  private boolean isThere(StepContext context, String region) {
    try {
      return regions.in(region).find(context.name()).isPresent();
    } catch (CloudDbException e) {
      if (regions.isOut(region, context.name(), e)) {
        return false;
      }
      throw e;
    }
  }

  /** A witness goes with the last replica: DynamoDB removes neither without the other. */
  static UpdateTableRequest request(TableDescription table, List<String> regions) {
    UpdateTableRequest.Builder request = UpdateTableRequest.builder().tableName(table.tableName());
    if (!table.globalTableWitnesses().isEmpty()) {
      request.globalTableWitnessUpdates(
          table.globalTableWitnesses().stream()
              .map(
                  witness ->
                      GlobalTableWitnessGroupUpdate.builder()
                          .delete(delete -> delete.regionName(witness.regionName()))
                          .build())
              .toList());
    }
    return request
        .replicaUpdates(
            regions.stream()
                .map(
                    region ->
                        ReplicationGroupUpdate.builder()
                            .delete(
                                DeleteReplicationGroupMemberAction.builder()
                                    .regionName(region)
                                    .build())
                            .build())
                .toList())
        .build();
  }

  @Override
  public Begun begin(StepContext context) {
    TableDescription table = get(context);
    List<String> there =
        names(context).stream()
            .filter(name -> ReplicaStep.replica(table, name).isPresent())
            .toList();
    if (there.isEmpty()) {
      return Begun.done("they are gone meanwhile");
    }
    try {
      regions.home().update(request(table, there));
    } catch (CloudDbException e) {
      return refused(context, advised(context, e));
    }
    return Begun.accepted("the replica in " + context.item() + " is being removed");
  }

  @Override
  boolean isUnderWay(StepContext context) {
    return find(context).stream()
        .anyMatch(
            table ->
                names(context).stream()
                    .flatMap(name -> ReplicaStep.replica(table, name).stream())
                    .allMatch(replica -> replica.replicaStatus() == ReplicaStatus.DELETING));
  }

  /** Where a region is off or down, its protection cannot be switched off either. */
  private static CloudDbException advised(StepContext context, CloudDbException refusal) {
    List<String> silent = new ArrayList<>(Notes.list(context, Notes.SILENT));
    silent.retainAll(names(context));
    return silent.isEmpty() || !refusal.nextStep().equals(Optional.of(ControlErrors.UNPROTECT))
        ? refusal
        : refusal.details().toBuilder()
            .nextStep(
                "Once "
                    + String.join(", ", silent)
                    + " answers, switch the protection off there by"
                    + " modify(...).deletionProtection(false).")
            .toException(refusal);
  }

  @Override
  public boolean guarded(StepContext context) {
    return true;
  }
}
