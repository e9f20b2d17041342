/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.ResourceId;
import io.clouddb.error.BusyException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.NotFoundException;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.Step;
import java.util.Optional;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBParameterGroupStatus;

/**
 * Deletes an instance, its automated backups, and the parameter group that this library made for
 * it. A group that somebody else made stays.
 */
final class DeleteSteps {
  private static final String BUSY = "busy";
  private static final String GONE = "wait-until-gone";

  private final RdsCalls rds;
  private final ParameterGroups groups;

  DeleteSteps(RdsCalls rds, ParameterGroups groups) {
    this.rds = rds;
    this.groups = groups;
  }

  OperationState start(ResourceId id) {
    DBInstance instance = rds.get(id.name());
    if (Boolean.TRUE.equals(instance.deletionProtection())) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED, id.name() + " is protected from deletion")
          .resource(id.toString())
          .operation("rds.DeleteDBInstance")
          .nextStep("Switch the protection off by modify(...).deletionProtection(false) first.")
          .toException();
    }
    OperationState state = OperationState.of(OperationState.DELETE, id, BUSY);
    if (instance.dbiResourceId() != null) {
      state = state.with(Progress.RESOURCE, instance.dbiResourceId());
    }
    Optional<String> group =
        ParameterGroups.of(instance)
            .map(DBParameterGroupStatus::dbParameterGroupName)
            .filter(name -> groups.isOwn(name, id.name()));
    if (group.isPresent()) {
      state = state.with(Progress.GROUP, group.get());
    }
    return request(state);
  }

  /** Some states cannot be deleted from, {@code creating} for one: then it is tried again. */
  private OperationState request(OperationState state) {
    String name = Progress.name(state);
    try {
      rds.delete(name);
    } catch (NotFoundException e) {
      // It was there a moment ago: an earlier attempt of this request, or somebody else, did it.
      return state.at(GONE, null);
    } catch (BusyException e) {
      boolean underWay =
          rds.find(name)
              .map(found -> found.dbInstanceStatus().equals(RdsStates.DELETING))
              .orElse(true);
      return state.at(underWay ? GONE : BUSY, null);
    }
    return state.at(GONE, null);
  }

  Step poll(OperationState state) {
    Optional<DBInstance> found =
        rds.find(Progress.name(state))
            // One of the same name that was made afterwards is another one.
            .filter(
                instance ->
                    state
                        .value(Progress.RESOURCE)
                        .map(id -> id.equals(instance.dbiResourceId()))
                        .orElse(true));
    if (found.isPresent()) {
      OperationState next = state.step().equals(BUSY) ? request(state) : state;
      return Progress.wait(next, found.get().dbInstanceStatus());
    }
    Optional<String> group = state.value(Progress.GROUP);
    if (group.isPresent() && !groups.remove(group.get())) {
      return Progress.wait(state, "its parameter group is still in use");
    }
    return new Step.Done(null);
  }
}
