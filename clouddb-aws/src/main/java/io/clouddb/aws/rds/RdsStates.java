/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.instance.InstanceState;
import java.util.Set;

/**
 * The values of {@code DBInstanceStatus}: <em>Viewing Amazon RDS DB instance status</em> in the
 * user guide.
 */
final class RdsStates {
  static final String STOPPED = "stopped";
  static final String DELETING = "deleting";

  /** Fully usable; the disk is rearranged meanwhile, which can take days. */
  private static final Set<String> AVAILABLE =
      Set.of("available", "storage-optimization", "storage-config-upgrade");

  private static final Set<String> FAILED =
      Set.of(
          "failed",
          "incompatible-create",
          "incompatible-network",
          "incompatible-option-group",
          "incompatible-parameters",
          "incompatible-restore",
          "inaccessible-encryption-credentials",
          "insufficient-capacity",
          "restore-error",
          "storage-full");

  private RdsStates() {}

  static boolean usable(String status) {
    return AVAILABLE.contains(status);
  }

  static boolean failed(String status) {
    return FAILED.contains(status);
  }

  static InstanceState state(String status) {
    if (usable(status)) {
      return InstanceState.AVAILABLE;
    }
    if (failed(status)) {
      return InstanceState.FAILED;
    }
    return switch (status) {
      case "creating" -> InstanceState.CREATING;
      case "starting", "rebooting" -> InstanceState.STARTING;
      case "stopping" -> InstanceState.STOPPING;
      case STOPPED -> InstanceState.STOPPED;
      case DELETING, "delete-precheck" -> InstanceState.DELETING;
      case "backing-up",
          "modifying",
          "upgrading",
          "maintenance",
          "renaming",
          "resetting-master-credentials",
          "configuring-enhanced-monitoring",
          "configuring-iam-database-auth",
          "configuring-log-exports",
          "converting-to-vpc",
          "moving-to-vpc" ->
          InstanceState.MODIFYING;
      default -> InstanceState.OTHER;
    };
  }
}
