/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.Customizations;
import io.clouddb.spi.PolledState;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBParameterGroupStatus;

/**
 * The parameters of a change. What differs, and that it needs a restart, is noted in the state
 * before anything is sent: once it is sent nothing differs any more, and a step that is taken again
 * would not know that the restart is still to come.
 */
final class ChangedParameters {
  /** The group that this change makes. */
  static final String NEW_GROUP = "new-group";

  private static final String DEFAULT_GROUP = "default.";
  private static final String GROUP_MEMBER = Progress.REQUEST_PREFIX + "DBParameterGroupName";

  private final ParameterGroups groups;

  ChangedParameters(ParameterGroups groups) {
    this.groups = groups;
  }

  private static String group(DBInstance instance) {
    return ParameterGroups.of(instance)
        .map(DBParameterGroupStatus::dbParameterGroupName)
        .orElse(DEFAULT_GROUP);
  }

  static boolean hasDefaultGroup(DBInstance instance) {
    return group(instance).startsWith(DEFAULT_GROUP);
  }

  /** Notes what is to be done, and does nothing. */
  PolledState compare(PolledState state, DBInstance instance) {
    Map<String, String> parameters = Progress.values(state, Progress.PARAMETER_PREFIX);
    if (parameters.isEmpty()) {
      return state;
    }
    String name = Progress.name(state);
    if (hasDefaultGroup(instance)) {
      String own = ParameterGroups.name(name, state.value(Progress.ATTEMPT).orElseThrow());
      return state
          .with(GROUP_MEMBER, own)
          .with(NEW_GROUP, own)
          .with(Progress.RESTART, Progress.NEEDED);
    }
    String group = group(instance);
    if (!groups.isOwn(group, name)) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              name
                  + " uses the DB parameter group "
                  + group
                  + ", which this library has not made for it and does not change")
          .resource(state.resource().toString())
          .nextStep("Change that group in RDS; other instances may use it too.")
          .toException();
    }
    ParameterGroups.Difference difference = groups.compare(group, parameters);
    PolledState noted = Progress.with(state, Progress.STATIC_PREFIX, difference.fixed());
    noted = Progress.with(noted, Progress.DYNAMIC_PREFIX, difference.dynamic());
    if (!difference.fixed().isEmpty()
        || instance.dbInstanceStatus().equals(RdsStates.INCOMPATIBLE_PARAMETERS)) {
      return noted.with(Progress.RESTART, Progress.NEEDED);
    }
    // An earlier attempt may have set the value, and ended before its restart.
    return difference.namesFixed() ? noted.with(Progress.RESTART, Progress.IF_MARKED) : noted;
  }

  /** Does what was noted; twice does the same as once. */
  void set(PolledState state, DBInstance instance) {
    if (state.value(NEW_GROUP).isPresent()) {
      String group = state.value(NEW_GROUP).get();
      groups.create(
          group,
          family(instance),
          Progress.name(state),
          state.value(Progress.ATTEMPT).orElseThrow(),
          Customizations.NONE);
      groups.fill(group, Progress.values(state, Progress.PARAMETER_PREFIX));
      return;
    }
    groups.change(
        group(instance),
        Progress.values(state, Progress.STATIC_PREFIX),
        Progress.values(state, Progress.DYNAMIC_PREFIX));
  }

  private static String family(DBInstance instance) {
    String version = instance.engineVersion();
    int dot = version.indexOf('.');
    return instance.engine() + (dot < 0 ? version : version.substring(0, dot));
  }

  /** Says of an error that ends the change what of it is there. */
  CloudDbException ended(PolledState state, boolean tagged, CloudDbException e) {
    if (e.retryable() || !e.details().outcomeKnown()) {
      return e;
    }
    Map<String, String> left = new TreeMap<>();
    state
        .value(NEW_GROUP)
        .filter(group -> !groups.tryRemove(group))
        .ifPresent(group -> left.put("group", "the DB parameter group " + group));
    Map<String, String> changed = Progress.values(state, Progress.DYNAMIC_PREFIX);
    changed.putAll(Progress.values(state, Progress.STATIC_PREFIX));
    if (!changed.isEmpty()) {
      left.put(
          "parameters",
          Progress.name(state)
              + " with the change's parameters ("
              + String.join(", ", changed.keySet())
              + "; static ones are in force from its next restart on)");
    }
    Map<String, String> tags = Progress.values(state, Progress.TAG_PREFIX);
    if (tagged && !tags.isEmpty()) {
      left.put("tags", Progress.name(state) + " with the change's tags " + tags.keySet());
    }
    return left.isEmpty()
        ? e
        : CloudDbException.of(
            e.details().toBuilder().leftBehind(String.join("; ", left.values())).build(), e);
  }
}
