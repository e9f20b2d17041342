/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.instance.InstanceState;
import java.util.Optional;
import java.util.Set;

/**
 * The values of {@code DBInstanceStatus}: <em>Viewing Amazon RDS DB instance status</em> in the
 * user guide.
 */
final class RdsStates {
  static final String CREATING = "creating";
  static final String STOPPED = "stopped";
  static final String DELETING = "deleting";
  static final String STORAGE_FULL = "storage-full";
  static final String INCOMPATIBLE_PARAMETERS = "incompatible-parameters";
  private static final String INCOMPATIBLE_NETWORK = "incompatible-network";

  /** The key was out of reach and may be back; after seven days it becomes final. */
  private static final String KEY_RECOVERABLE = "inaccessible-encryption-credentials-recoverable";

  /** Fully usable; the disk is rearranged or its blocks are loaded meanwhile, even for days. */
  private static final Set<String> AVAILABLE =
      Set.of(
          "available", "storage-initialization", "storage-optimization", "storage-config-upgrade");

  private static final Set<String> FAILED =
      Set.of(
          "failed",
          "incompatible-create",
          INCOMPATIBLE_NETWORK,
          "incompatible-option-group",
          INCOMPATIBLE_PARAMETERS,
          "incompatible-restore",
          "inaccessible-encryption-credentials",
          KEY_RECOVERABLE,
          "insufficient-capacity",
          "restore-error",
          STORAGE_FULL);

  /** What {@code StartDBInstance} is for: so RDS itself says when it refuses another state. */
  private static final Set<String> STARTABLE =
      Set.of(STOPPED, KEY_RECOVERABLE, INCOMPATIBLE_NETWORK);

  private RdsStates() {}

  static boolean usable(String status) {
    return AVAILABLE.contains(status);
  }

  static boolean failed(String status) {
    return FAILED.contains(status);
  }

  static boolean startable(String status) {
    return STARTABLE.contains(status);
  }

  /** Nothing is under way that would lead to another state by itself. */
  static boolean resting(String status) {
    return usable(status) || failed(status) || status.equals(STOPPED);
  }

  /** How a failed instance is brought back, as far as this library can tell. */
  static String remedy(String status) {
    return known(status)
        .orElse("Look at its events in the RDS console; delete it when it is of no use.");
  }

  /** The same for what may be all that is left of a source's data. */
  static String remedyOfPromoted(String status) {
    return known(status)
        .orElse(
            "Keep it: it may have data that nobody else has. Look at its events in the RDS"
                + " console.");
  }

  private static Optional<String> known(String status) {
    return switch (status) {
      case STORAGE_FULL -> Optional.of("Enlarge its disk by modify(...).storageSize(...).");
      case INCOMPATIBLE_PARAMETERS ->
          Optional.of(
              "Set the parameters that keep it from starting by modify(...).parameter(...).");
      case KEY_RECOVERABLE -> Optional.of("Give RDS the use of its KMS key back, and start it.");
      case INCOMPATIBLE_NETWORK ->
          Optional.of("Mend its subnet group and addresses, and start it.");
      case STOPPED -> Optional.of("Start it first.");
      default -> Optional.empty();
    };
  }

  static InstanceState state(String status) {
    if (usable(status)) {
      return InstanceState.AVAILABLE;
    }
    if (failed(status)) {
      return InstanceState.FAILED;
    }
    return switch (status) {
      case CREATING -> InstanceState.CREATING;
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
