/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.ModifyDbInstanceRequest;

/**
 * Whether an instance shows what a request asks for, so that one whose answer was lost need not be
 * sent again. What RDS shows of no instance, a password for one, it does not show.
 */
final class ShownValues {
  /** Where a description has another name than the request. */
  private static final Map<String, String> SHOWN_AS =
      Map.of("EnablePerformanceInsights", "PerformanceInsightsEnabled");

  private static final String GROUP = "DBParameterGroupName";
  private static final String SIZE = "AllocatedStorage";

  private static final Set<String> ALWAYS_SHOWN =
      Set.of(
          SIZE,
          GROUP,
          "BackupRetentionPeriod",
          "DBInstanceClass",
          "DeletionProtection",
          "Iops",
          "MultiAZ",
          "StorageThroughput",
          "StorageType");

  private ShownValues() {}

  /**
   * Compares each member that a request names.
   *
   * @param request what is asked for
   * @param instance the instance as it is
   * @return true when all of them are in force, or pending with the same value
   */
  static boolean show(ModifyDbInstanceRequest request, DBInstance instance) {
    Set<String> pending = PendingValues.of(instance);
    return PendingValues.named(request).stream()
        .allMatch(name -> shows(name, request, instance, pending.contains(name)));
  }

  /**
   * What a request asks for and an instance does not show, of those members that RDS shows of every
   * instance as they were asked for.
   *
   * @param request what was asked for
   * @param instance the instance, of which nothing is pending
   * @return the members, sorted
   */
  static Set<String> notShown(ModifyDbInstanceRequest request, DBInstance instance) {
    Set<String> names = new TreeSet<>(PendingValues.named(request));
    names.retainAll(ALWAYS_SHOWN);
    names.removeIf(
        name -> shows(name, request, instance, false) || hasGrown(name, request, instance));
    return names;
  }

  /** A disk may have grown by itself meanwhile. */
  private static boolean hasGrown(
      String name, ModifyDbInstanceRequest request, DBInstance instance) {
    return name.equals(SIZE)
        && instance.allocatedStorage() != null
        && instance.allocatedStorage() >= request.allocatedStorage();
  }

  private static boolean shows(
      String name, ModifyDbInstanceRequest request, DBInstance instance, boolean pending) {
    Optional<Object> wanted = value(request, name);
    if (name.equals(GROUP)) {
      // RDS keeps the name of a group in lower case.
      String group = ParameterComparison.group(instance);
      return wanted.filter(asked -> group.equalsIgnoreCase(asked.toString())).isPresent();
    }
    SdkPojo where = pending ? instance.pendingModifiedValues() : instance;
    return wanted.equals(value(where, SHOWN_AS.getOrDefault(name, name)));
  }

  private static Optional<Object> value(SdkPojo pojo, String member) {
    List<SdkField<?>> fields = pojo.sdkFields();
    return fields.stream()
        .filter(field -> field.memberName().equals(member))
        .findFirst()
        .map(field -> field.getValueOrDefault(pojo));
  }
}
