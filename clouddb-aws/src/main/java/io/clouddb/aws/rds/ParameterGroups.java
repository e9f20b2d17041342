/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.Listing;
import io.clouddb.Page;
import io.clouddb.error.BusyException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.NotFoundException;
import io.clouddb.error.PermissionException;
import io.clouddb.spi.OperationState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.rds.model.ApplyMethod;
import software.amazon.awssdk.services.rds.model.CreateDbParameterGroupRequest;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBParameterGroup;
import software.amazon.awssdk.services.rds.model.DBParameterGroupStatus;
import software.amazon.awssdk.services.rds.model.DescribeDbParametersResponse;
import software.amazon.awssdk.services.rds.model.EngineDefaults;
import software.amazon.awssdk.services.rds.model.Parameter;
import software.amazon.awssdk.services.rds.model.RdsResponse;
import software.amazon.awssdk.services.rds.model.Tag;

/**
 * The DB parameter groups that this library makes: one for each instance that needs one, never
 * shared, named after the instance and the attempt that made it, and tagged with both.
 */
final class ParameterGroups {
  private static final Logger log = LoggerFactory.getLogger(ParameterGroups.class);

  /** The tag whose value is the name of the instance that a group is for. */
  static final String INSTANCE_TAG = "clouddb-instance";

  private static final Set<String> MARKS = Set.of(INSTANCE_TAG, OperationState.CREATION_TAG);
  private static final String PREFIX = "clouddb-";
  private static final String STATIC = "static";
  private static final String SET_BY_USER = "user";

  /** RDS takes no more in one request. */
  private static final int MOST_AT_ONCE = 20;

  private final RdsCalls rds;

  ParameterGroups(RdsCalls rds) {
    this.rds = rds;
  }

  /** The name of a group; the attempt keeps a forgotten group from being taken for a new one. */
  static String name(String instance, String attempt) {
    return (PREFIX + instance + "-" + attempt).replaceAll("-+", "-").replaceAll("-$", "");
  }

  /** By what a group is known again. */
  static List<Tag> tags(String instance, String attempt) {
    return Tags.of(
        new TreeMap<>(Map.of(OperationState.CREATION_TAG, attempt, INSTANCE_TAG, instance)));
  }

  void create(CreateDbParameterGroupRequest request) {
    change(
        "rds.CreateDBParameterGroup",
        request.dbParameterGroupName(),
        () -> rds.client().createDBParameterGroup(request));
  }

  private void change(String operation, String group, Supplier<? extends RdsResponse> call) {
    // What the service answers is looked at by the next look.
    Object unused =
        rds.changes().once(operation, rds.where(group), () -> RdsCalls.answered(call.get()));
  }

  boolean exists(String group) {
    return find(group).isPresent();
  }

  private Optional<DBParameterGroup> find(String group) {
    try {
      return rds
          .reads()
          .repeatable(
              "rds.DescribeDBParameterGroups",
              rds.where(group),
              () ->
                  RdsCalls.answered(
                      rds.client()
                          .describeDBParameterGroups(
                              request -> request.dbParameterGroupName(group))))
          .dbParameterGroups()
          .stream()
          .findFirst();
    } catch (NotFoundException e) {
      return Optional.empty();
    }
  }

  /** Whether it can be a group of this library's: others may have such names, too. */
  static boolean isNamedAsMade(String group) {
    return group.startsWith(PREFIX);
  }

  /** Tells whether this library made the group, for this instance. */
  boolean isOwn(String group, String instance) {
    return isNamedAsMade(group)
        && tags(group).filter(tags -> instance.equals(tags.get(INSTANCE_TAG))).isPresent();
  }

  /** Tells whether this library made the group, for whichever instance. */
  boolean isMade(String group) {
    return isNamedAsMade(group)
        && tags(group).filter(tags -> tags.keySet().containsAll(MARKS)).isPresent();
  }

  /** Tells whether this very operation made the group: its name alone can be anybody's. */
  boolean isMadeBy(String group, String instance, String attempt) {
    return tags(group)
        .filter(tags -> instance.equals(tags.get(INSTANCE_TAG)))
        .filter(tags -> attempt.equals(tags.get(OperationState.CREATION_TAG)))
        .isPresent();
  }

  private Optional<Map<String, String>> tags(String group) {
    return find(group)
        .map(
            found ->
                RdsCalls.tags(
                    rds.reads()
                        .repeatable(
                            "rds.ListTagsForResource",
                            rds.where(group),
                            () ->
                                RdsCalls.answered(
                                    rds.client()
                                        .listTagsForResource(
                                            request ->
                                                request.resourceName(found.dbParameterGroupArn()))))
                        .tagList()));
  }

  /**
   * The instances that use a group and are not being deleted: beside the one that it is for, its
   * read replicas in the same region, and what was promoted of them. Empty where they may not be
   * seen.
   */
  Optional<List<DBInstance>> users(String group) {
    return all().map(all -> all.values().stream().filter(one -> uses(one, group)).toList());
  }

  /**
   * Those of them that are neither an instance nor read replicas of it, at whichever level of a
   * chain. Empty where they may not be seen.
   */
  Optional<List<DBInstance>> others(String group, String instance) {
    return all()
        .map(
            all ->
                all.values().stream()
                    .filter(one -> uses(one, group))
                    .filter(one -> !belongs(one.dbInstanceIdentifier(), instance, all))
                    .toList());
  }

  /** All instances of the region by their names; empty where they may not be seen. */
  private Optional<Map<String, DBInstance>> all() {
    Map<String, DBInstance> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    try {
      new Listing<DBInstance>(rds::page, null)
          .forEach(one -> all.put(one.dbInstanceIdentifier(), one));
    } catch (PermissionException e) {
      log.debug("Which instances there are cannot be seen: {}", e.getMessage());
      return Optional.empty();
    }
    return Optional.of(all);
  }

  /** A source in another region is named by its ARN, and its group is another region's. */
  private static boolean belongs(String name, String instance, Map<String, DBInstance> all) {
    String at = name;
    for (int level = 0; level <= ReplicaSource.MOST_LEVELS && at != null; level++) {
      if (at.equalsIgnoreCase(instance)) {
        return true;
      }
      DBInstance follower = all.get(at);
      at = follower == null ? null : follower.readReplicaSourceDBInstanceIdentifier();
    }
    return false;
  }

  private static boolean uses(DBInstance instance, String group) {
    return !instance.dbInstanceStatus().equals(RdsStates.DELETING)
        && instance.dbParameterGroups().stream()
            .anyMatch(used -> group.equals(used.dbParameterGroupName()));
  }

  /** How many requests so many parameters take. */
  static List<String> parts(int parameters) {
    return IntStream.rangeClosed(1, (parameters + MOST_AT_ONCE - 1) / MOST_AT_ONCE)
        .mapToObj(Integer::toString)
        .toList();
  }

  /** What one of these requests carries. */
  static Map<String, String> part(Map<String, String> parameters, String part) {
    Map<String, String> some = new TreeMap<>();
    new TreeMap<>(parameters)
        .entrySet().stream()
            .skip((Integer.parseInt(part) - 1L) * MOST_AT_ONCE)
            .limit(MOST_AT_ONCE)
            .forEach(entry -> some.put(entry.getKey(), entry.getValue()));
    return some;
  }

  /** Sets at most 20 parameters: static ones by the next restart, others at once. */
  void set(String group, Map<String, String> some, Predicate<String> atOnce) {
    List<Parameter> parameters =
        some.entrySet().stream()
            .map(
                entry ->
                    Parameter.builder()
                        .parameterName(entry.getKey())
                        .parameterValue(entry.getValue())
                        .applyMethod(
                            atOnce.test(entry.getKey())
                                ? ApplyMethod.IMMEDIATE
                                : ApplyMethod.PENDING_REBOOT)
                        .build())
            .toList();
    change(
        "rds.ModifyDBParameterGroup",
        group,
        () ->
            rds.client()
                .modifyDBParameterGroup(
                    request -> request.dbParameterGroupName(group).parameters(parameters)));
  }

  /**
   * What a group in use lacks.
   *
   * @param fixed static parameters that differ: they need a restart
   * @param dynamic other parameters that differ
   * @param namesFixed whether a static one was named at all
   */
  record Difference(Map<String, String> fixed, Map<String, String> dynamic, boolean namesFixed) {
    boolean isEmpty() {
      return fixed.isEmpty() && dynamic.isEmpty();
    }
  }

  /** Compares a group that is in use with what is asked for. */
  Difference compare(String group, Map<String, String> parameters) {
    Map<String, Parameter> known = parameters(group);
    Map<String, String> fixed = new TreeMap<>();
    Map<String, String> dynamic = new TreeMap<>();
    boolean namesFixed = false;
    for (Map.Entry<String, String> entry : parameters.entrySet()) {
      Parameter current = known.get(entry.getKey());
      if (current == null || Boolean.FALSE.equals(current.isModifiable())) {
        throw ErrorDetails.of(
                ErrorCategory.INVALID_ARGUMENT,
                "RDS has no parameter "
                    + entry.getKey()
                    + " that can be set in the DB parameter group "
                    + group)
            .resource(rds.where(group))
            .toException();
      }
      boolean needsRestart = isStatic(current);
      namesFixed |= needsRestart;
      if (!entry.getValue().equals(current.parameterValue())) {
        (needsRestart ? fixed : dynamic).put(entry.getKey(), entry.getValue());
      }
    }
    return new Difference(fixed, dynamic, namesFixed);
  }

  /** Tells whether a parameter is in force from a restart on only. */
  static boolean isStatic(Parameter parameter) {
    return STATIC.equals(parameter.applyType());
  }

  /** Tells whether somebody has set a parameter, so that it need not have its default value. */
  static boolean isSetByUser(Parameter parameter) {
    return SET_BY_USER.equals(parameter.source())
        && parameter.parameterValue() != null
        && !Boolean.FALSE.equals(parameter.isModifiable());
  }

  /** What a group holds, by name. */
  Map<String, Parameter> parameters(String group) {
    Map<String, Parameter> all = new HashMap<>();
    new Listing<Parameter>(marker -> page(group, marker), null)
        .forEach(parameter -> all.put(parameter.parameterName(), parameter));
    return all;
  }

  /** The parameters that can be set in groups of a family, by name. */
  Set<String> ofFamily(String family) {
    Set<String> all = new TreeSet<>();
    new Listing<Parameter>(marker -> defaults(family, marker), null)
        .stream()
            .filter(parameter -> !Boolean.FALSE.equals(parameter.isModifiable()))
            .forEach(parameter -> all.add(parameter.parameterName()));
    return all;
  }

  private Page<Parameter> defaults(String family, @Nullable String marker) {
    EngineDefaults page =
        rds.reads()
            .repeatable(
                "rds.DescribeEngineDefaultParameters",
                rds.where(family),
                () ->
                    RdsCalls.answered(
                            rds.client()
                                .describeEngineDefaultParameters(
                                    request ->
                                        request.dbParameterGroupFamily(family).marker(marker)))
                        .engineDefaults());
    return new Page<>(page.parameters(), RdsCalls.next(page.marker()));
  }

  private Page<Parameter> page(String group, @Nullable String marker) {
    DescribeDbParametersResponse page =
        rds.reads()
            .repeatable(
                "rds.DescribeDBParameters",
                rds.where(group),
                () ->
                    RdsCalls.answered(
                        rds.client()
                            .describeDBParameters(
                                request -> request.dbParameterGroupName(group).marker(marker))));
    return new Page<>(page.parameters(), RdsCalls.next(page.marker()));
  }

  /**
   * Removes a group.
   *
   * @throws BusyException while an instance holds it, also one that is being deleted
   */
  void remove(String group) {
    try {
      change(
          "rds.DeleteDBParameterGroup",
          group,
          () ->
              rds.client().deleteDBParameterGroup(request -> request.dbParameterGroupName(group)));
    } catch (NotFoundException e) {
      log.debug("The DB parameter group {} is gone already", group, e);
    }
  }

  /** The group that an instance uses; RDS gives it exactly one. */
  static Optional<DBParameterGroupStatus> of(DBInstance instance) {
    return instance.dbParameterGroups().stream().findFirst();
  }
}
