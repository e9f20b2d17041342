/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.rds;

import io.clouddb.testkit.simulator.server.SimulatedBackup;
import java.util.Map;
import java.util.Optional;

/**
 * A DB snapshot, taken by hand, by RDS itself or copied.
 *
 * @param backup its data, and what is kept of it
 */
record Snapshot(SimulatedBackup backup) {
  /** The values of {@code SnapshotType} that there are. */
  static final String AUTOMATED = "automated";

  static final String MANUAL = "manual";
  static final String AWS_BACKUP = "awsbackup";

  /** {@code String}: the type of one that is neither RDS' own nor somebody's by hand. */
  static final String TYPE = "SnapshotType";

  /** {@code String}: the ARN of what it was copied from in another region, and that region. */
  static final String SOURCE = "SourceDBSnapshotIdentifier";

  static final String SOURCE_REGION = "SourceRegion";

  /** Of those that RDS takes itself. */
  private static final String PREFIX = "rds:";

  /** RDS calls its own snapshots so, and takes no such name. */
  static boolean isAutomatedName(String name) {
    return name.startsWith(PREFIX);
  }

  boolean isAutomated() {
    return backup.origin() == SimulatedBackup.Origin.AUTOMATED;
  }

  String type() {
    return isAutomated() ? AUTOMATED : backup.attribute(TYPE, String.class).orElse(MANUAL);
  }

  String name() {
    return isAutomated() ? PREFIX + backup.key().name() : backup.key().name();
  }

  String region() {
    return RdsState.region(backup.key());
  }

  String arn() {
    return RdsState.arn(backup.key(), "rds", "snapshot:" + name());
  }

  String status() {
    return switch (backup.state()) {
      case CREATING -> attribute(SOURCE, String.class).isPresent() ? "pending" : "creating";
      case AVAILABLE -> "available";
      case DELETING -> "deleting";
      case FAILED -> "failed";
    };
  }

  boolean isAvailable() {
    return backup.state() == SimulatedBackup.State.AVAILABLE;
  }

  /** What is kept of it, or else what its instance had then. */
  <T> Optional<T> attribute(String name, Class<T> type) {
    return backup
        .attribute(name, type)
        .or(() -> Optional.ofNullable(backup.instanceAttributes().get(name)).map(type::cast));
  }

  boolean isEncrypted() {
    return attribute(Members.ENCRYPTED, Boolean.class).orElse(false);
  }

  /** Its own, and not those of its instance. */
  @SuppressWarnings("unchecked") // Only the actions put it there.
  Map<String, String> tags() {
    return backup.attribute(Members.TAGS, Map.class).orElse(Map.of());
  }

  /** Whether it is not shown this time, as by the service for some seconds. */
  boolean isHidden() {
    int hidden = backup.attribute(Members.HIDDEN, Integer.class).orElse(0);
    if (hidden > 0) {
      backup.putAttribute(Members.HIDDEN, hidden - 1);
    }
    return hidden > 0;
  }
}
