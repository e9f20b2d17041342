/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.ResourceId;
import io.clouddb.error.BusyException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.NotFoundException;
import io.clouddb.error.PermissionException;
import io.clouddb.spi.PolledState;
import io.clouddb.spi.Step;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBParameterGroupStatus;
import software.amazon.awssdk.services.rds.model.DescribeDbInstancesResponse;

/**
 * Deletes an instance, its automated backups, and the parameter group that this library made for
 * it. A group that somebody else made stays.
 */
final class DeleteSteps {
  private static final Logger log = LoggerFactory.getLogger(DeleteSteps.class);
  private static final Duration GROUP_LIMIT = Duration.ofMinutes(15);
  private static final String BUSY = "busy";
  private static final String GONE = "wait-until-gone";

  private final RdsCalls rds;
  private final ParameterGroups groups;
  private final Clock clock;

  DeleteSteps(RdsCalls rds, ParameterGroups groups, Clock clock) {
    this.rds = rds;
    this.groups = groups;
    this.clock = clock;
  }

  PolledState start(ResourceId id) {
    DBInstance instance = rds.get(id.name());
    if (Boolean.TRUE.equals(instance.deletionProtection())) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED, id.name() + " is protected from deletion")
          .resource(id.toString())
          .operation("rds.DeleteDBInstance")
          .nextStep("Switch the protection off by modify(...).deletionProtection(false) first.")
          .toException();
    }
    PolledState state = PolledState.of(PolledState.DELETE, id, BUSY);
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
    return request(state).state();
  }

  /** Some states cannot be deleted from, {@code creating} for one: then it is tried again. */
  private Step.Running request(PolledState state) {
    String name = Progress.name(state);
    PolledState gone = state.at(GONE, null);
    try {
      rds.delete(name);
    } catch (NotFoundException e) {
      // It was there a moment ago: an earlier attempt of this request, or somebody else, did it.
      return Progress.wait(gone, "gone");
    } catch (BusyException e) {
      String status = rds.find(name).map(DBInstance::dbInstanceStatus).orElse(RdsStates.DELETING);
      return status.equals(RdsStates.DELETING)
          ? Progress.wait(gone, status)
          : Progress.refused(state, clock.instant(), status, e);
    }
    return Progress.wait(gone, RdsStates.DELETING);
  }

  Step poll(PolledState state) {
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
      return state.step().equals(BUSY)
          ? request(state)
          : Progress.wait(state, found.get().dbInstanceStatus());
    }
    Optional<String> group = state.value(Progress.GROUP);
    return group.isEmpty() || groups.remove(group.get())
        ? new Step.Done(null)
        : inUse(state, group.get());
  }

  /** RDS lets go of a group some time after its instance; another instance may never do so. */
  private Step inUse(PolledState state, String group) {
    if (usedByAnother(group)) {
      log.info(
          "{} is deleted; its DB parameter group {} stays, since another instance uses it",
          Progress.name(state),
          group);
      return new Step.Done(null);
    }
    Instant now = clock.instant();
    if (Progress.waited(state, now).compareTo(GROUP_LIMIT) < 0) {
      return Progress.waitFrom(state, now, "its parameter group is still in use");
    }
    throw ErrorDetails.of(
            ErrorCategory.BUSY,
            Progress.name(state)
                + " is deleted, but RDS says that its DB parameter group is still in use")
        .resource(state.resource().toString())
        .operation("rds.DeleteDBParameterGroup")
        .retryable(false)
        .leftBehind("the DB parameter group " + group)
        .nextStep("Delete the group in RDS when nothing uses it any more; it costs nothing.")
        .toException();
  }

  /** A read replica, say, which has the group of its source. */
  private boolean usedByAnother(String group) {
    try {
      String marker = null;
      do {
        DescribeDbInstancesResponse page = rds.page(marker);
        if (page.dbInstances().stream().anyMatch(instance -> uses(instance, group))) {
          return true;
        }
        marker = page.marker();
      } while (marker != null && !marker.isEmpty());
    } catch (PermissionException e) {
      log.debug("Whether another instance uses {} cannot be seen: {}", group, e.getMessage());
    }
    return false;
  }

  private static boolean uses(DBInstance instance, String group) {
    return !instance.dbInstanceStatus().equals(RdsStates.DELETING)
        && instance.dbParameterGroups().stream()
            .anyMatch(used -> group.equals(used.dbParameterGroupName()));
  }
}
