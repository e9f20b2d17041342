/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.error.BusyException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.NotFoundException;
import io.clouddb.spi.CreateInstance;
import io.clouddb.spi.Customizations;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.rds.model.ApplyMethod;
import software.amazon.awssdk.services.rds.model.CreateDbParameterGroupRequest;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBParameterGroup;
import software.amazon.awssdk.services.rds.model.DBParameterGroupStatus;
import software.amazon.awssdk.services.rds.model.DescribeDbParametersResponse;
import software.amazon.awssdk.services.rds.model.Parameter;

/**
 * The DB parameter groups that this library makes: one for each instance that needs one, never
 * shared, named after the instance and the attempt that made it, and tagged with both.
 */
final class ParameterGroups {
  private static final Logger log = LoggerFactory.getLogger(ParameterGroups.class);

  /** The tag whose value is the name of the instance that a group is for. */
  static final String INSTANCE_TAG = "clouddb-instance";

  private static final String PREFIX = "clouddb-";
  private static final String STATIC = "static";

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

  void create(
      String group, String family, String instance, String attempt, Customizations customizations) {
    CreateDbParameterGroupRequest.Builder builder =
        customizations.apply(
            CreateDbParameterGroupRequest.Builder.class,
            CreateDbParameterGroupRequest.builder()
                .description("Parameters of " + instance + ", made by clouddb")
                .tags(
                    CreateMapping.tags(
                        new TreeMap<>(
                            Map.of(CreateInstance.ATTEMPT_TAG, attempt, INSTANCE_TAG, instance)))));
    CreateDbParameterGroupRequest request =
        builder.dbParameterGroupName(group).dbParameterGroupFamily(family).build();
    // The name holds the attempt's id, so what is found by it is this attempt's own.
    DBParameterGroup unused =
        rds.changes()
            .create(
                "rds.CreateDBParameterGroup",
                group,
                () ->
                    RdsCalls.answered(rds.client().createDBParameterGroup(request))
                        .dbParameterGroup(),
                () -> find(group));
  }

  private Optional<DBParameterGroup> find(String group) {
    try {
      return rds
          .reads()
          .repeatable(
              "rds.DescribeDBParameterGroups",
              group,
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

  /** Tells whether this library made the group, for this instance. */
  boolean isOwn(String group, String instance) {
    if (!group.startsWith(PREFIX)) {
      return false;
    }
    return find(group)
        .map(
            found ->
                RdsCalls.tags(
                    rds.reads()
                        .repeatable(
                            "rds.ListTagsForResource",
                            group,
                            () ->
                                RdsCalls.answered(
                                    rds.client()
                                        .listTagsForResource(
                                            request ->
                                                request.resourceName(found.dbParameterGroupArn()))))
                        .tagList()))
        .filter(tags -> instance.equals(tags.get(INSTANCE_TAG)))
        .isPresent();
  }

  /** Fills a group that is not in use yet. */
  void fill(String group, Map<String, String> parameters) {
    List<Parameter> all = new ArrayList<>();
    parameters.forEach(
        (name, value) -> all.add(parameter(name, value, ApplyMethod.PENDING_REBOOT)));
    send(group, all);
  }

  /**
   * What a group in use lacks.
   *
   * @param fixed static parameters that differ: they need a restart
   * @param dynamic other parameters that differ
   * @param namesFixed whether a static one was named at all
   */
  record Difference(Map<String, String> fixed, Map<String, String> dynamic, boolean namesFixed) {}

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
            .resource(group)
            .toException();
      }
      boolean needsRestart = STATIC.equals(current.applyType());
      namesFixed |= needsRestart;
      if (!entry.getValue().equals(current.parameterValue())) {
        (needsRestart ? fixed : dynamic).put(entry.getKey(), entry.getValue());
      }
    }
    return new Difference(fixed, dynamic, namesFixed);
  }

  /** Changes a group that is in use. */
  void change(String group, Map<String, String> fixed, Map<String, String> dynamic) {
    List<Parameter> changed = new ArrayList<>();
    fixed.forEach((name, value) -> changed.add(parameter(name, value, ApplyMethod.PENDING_REBOOT)));
    dynamic.forEach((name, value) -> changed.add(parameter(name, value, ApplyMethod.IMMEDIATE)));
    send(group, changed);
  }

  private Map<String, Parameter> parameters(String group) {
    Map<String, Parameter> all = new HashMap<>();
    String marker = null;
    do {
      DescribeDbParametersResponse page = page(group, marker);
      page.parameters().forEach(parameter -> all.put(parameter.parameterName(), parameter));
      marker = page.marker();
    } while (marker != null && !marker.isEmpty());
    return all;
  }

  private DescribeDbParametersResponse page(String group, @Nullable String marker) {
    return rds.reads()
        .repeatable(
            "rds.DescribeDBParameters",
            group,
            () ->
                RdsCalls.answered(
                    rds.client()
                        .describeDBParameters(
                            request -> request.dbParameterGroupName(group).marker(marker))));
  }

  private static Parameter parameter(String name, String value, ApplyMethod method) {
    return Parameter.builder()
        .parameterName(name)
        .parameterValue(value)
        .applyMethod(method)
        .build();
  }

  private void send(String group, List<Parameter> parameters) {
    for (int from = 0; from < parameters.size(); from += MOST_AT_ONCE) {
      List<Parameter> some =
          parameters.subList(from, Math.min(parameters.size(), from + MOST_AT_ONCE));
      Object unused =
          rds.changes()
              .repeatable(
                  "rds.ModifyDBParameterGroup",
                  group,
                  () ->
                      RdsCalls.answered(
                          rds.client()
                              .modifyDBParameterGroup(
                                  request ->
                                      request.dbParameterGroupName(group).parameters(some))));
    }
  }

  /**
   * Removes a group.
   *
   * @return false when an instance that is being deleted still holds it
   */
  boolean remove(String group) {
    try {
      Object unused =
          rds.changes()
              .repeatable(
                  "rds.DeleteDBParameterGroup",
                  group,
                  () ->
                      RdsCalls.answered(
                          rds.client()
                              .deleteDBParameterGroup(
                                  request -> request.dbParameterGroupName(group))));
      return true;
    } catch (NotFoundException e) {
      return true;
    } catch (BusyException e) {
      return false;
    }
  }

  /**
   * Removes a group after a failure, which stays the one to report.
   *
   * @return false when it could not be removed, for whatever reason
   */
  boolean tryRemove(String group) {
    try {
      return remove(group);
    } catch (CloudDbException e) {
      log.warn("The DB parameter group {} could not be removed: {}", group, e.getMessage());
      return false;
    }
  }

  /** The group that an instance uses; RDS gives it exactly one. */
  static Optional<DBParameterGroupStatus> of(DBInstance instance) {
    return instance.dbParameterGroups().stream().findFirst();
  }
}
