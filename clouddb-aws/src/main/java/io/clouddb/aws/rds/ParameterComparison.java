/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.workflow.StepContext;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBParameterGroupStatus;

/**
 * Compares the parameters of a change with those that there are. What differs, and that it needs a
 * restart, is noted before anything is sent: once it is sent nothing differs any more, and who goes
 * on would not know that the restart is still to come.
 */
final class ParameterComparison {
  private static final String DEFAULT_GROUP = "default.";

  private final ParameterGroups groups;

  ParameterComparison(ParameterGroups groups) {
    this.groups = groups;
  }

  static String group(DBInstance instance) {
    return ParameterGroups.of(instance)
        .map(DBParameterGroupStatus::dbParameterGroupName)
        .orElse(DEFAULT_GROUP);
  }

  static boolean hasDefaultGroup(DBInstance instance) {
    return group(instance).startsWith(DEFAULT_GROUP);
  }

  /**
   * Says what is to be done, and does nothing.
   *
   * @param context the operation
   * @param instance the instance before the change
   * @param parameters what is asked for
   * @return what is to be noted
   */
  Map<String, String> notes(
      StepContext context, DBInstance instance, Map<String, String> parameters) {
    if (parameters.isEmpty()) {
      return Map.of();
    }
    Map<String, String> notes = new TreeMap<>();
    String own = ParameterGroups.name(context.name(), context.state().id());
    String group = group(instance);
    if (hasDefaultGroup(instance) || group.equals(own)) {
      notes.put(Notes.NEW_GROUP, own);
      notes.put(Notes.FAMILY, family(instance));
      if (group.equals(own)) {
        // This very change has got so far before; its restart may be left.
        notes.put(Notes.RESTART, Notes.IF_MARKED);
      } else {
        notes.put(Notes.ATTACH, Notes.YES);
        notes.put(Notes.RESTART, Notes.NEEDED);
      }
      return notes;
    }
    requireOwn(context, group);
    ParameterGroups.Difference difference = groups.compare(group, parameters);
    if (!difference.isEmpty()) {
      requireNoOther(context, group);
    }
    put(notes, Notes.STATIC, difference.fixed().keySet());
    put(notes, Notes.DYNAMIC, difference.dynamic().keySet());
    if (!difference.fixed().isEmpty()
        || instance.dbInstanceStatus().equals(RdsStates.INCOMPATIBLE_PARAMETERS)) {
      notes.put(Notes.RESTART, Notes.NEEDED);
    } else if (difference.namesFixed()) {
      // An earlier attempt may have set the value, and ended before its restart.
      notes.put(Notes.RESTART, Notes.IF_MARKED);
    }
    return notes;
  }

  private static void put(Map<String, String> notes, String name, Set<String> parameters) {
    if (!parameters.isEmpty()) {
      notes.put(name, String.join(Notes.SEPARATOR, parameters));
    }
  }

  /**
   * Refuses a group that others may use too. What was promoted has its former source's, which is
   * its own when nobody but its replicas uses it any more.
   *
   * @param context the operation
   * @param group the group of its instance
   */
  void requireOwn(StepContext context, String group) {
    if (!groups.isOwn(group, context.name()) && !isInherited(context, group)) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              context.name()
                  + " uses the DB parameter group "
                  + group
                  + ", which this library has not made for it and does not change")
          .resource(context.resource().toString())
          .nextStep("Change that group in RDS; other instances may use it too.")
          .toException();
    }
  }

  private boolean isInherited(StepContext context, String group) {
    return groups.isMade(group)
        && groups.others(group, context.name()).filter(List::isEmpty).isPresent();
  }

  /**
   * Refuses a group that another instance uses by now. What was promoted has the group of its
   * former source still, and so have its replicas; the instance's own have it as they should.
   *
   * @param context the operation
   * @param group the group of its instance
   */
  void requireNoOther(StepContext context, String group) {
    List<String> others =
        groups.others(group, context.name()).orElse(List.of()).stream()
            .map(DBInstance::dbInstanceIdentifier)
            .toList();
    if (!others.isEmpty()) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              context.name()
                  + " shares its DB parameter group "
                  + group
                  + " with "
                  + String.join(", ", others)
                  + ", whose parameters the change would change as well")
          .resource(context.resource().toString())
          .nextStep(
              "Give each of them a group of its own in RDS (ModifyDBInstance with"
                  + " DBParameterGroupName), and make the change again.")
          .toException();
    }
  }

  private static String family(DBInstance instance) {
    String version = instance.engineVersion();
    int dot = version.indexOf('.');
    return instance.engine() + (dot < 0 ? version : version.substring(0, dot));
  }
}
