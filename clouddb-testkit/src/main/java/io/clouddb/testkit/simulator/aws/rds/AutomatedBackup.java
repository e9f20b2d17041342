/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.rds;

import io.clouddb.testkit.simulator.engine.ResourceKey;
import io.clouddb.testkit.simulator.server.InstanceBackups;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The automated backups of one instance in one region: its own, or one that keeps them, too. */
final class AutomatedBackup {
  private final String region;
  private final InstanceBackups backups;
  private final @Nullable Replication replication;

  /**
   * What a replication has been asked for.
   *
   * @param days for how long it keeps
   * @param keyOrNull what encrypts there
   * @param tags key to value
   */
  record Replication(int days, @Nullable String keyOrNull, Map<String, String> tags) {}

  AutomatedBackup(String region, InstanceBackups backups, @Nullable Replication replication) {
    this.region = region;
    this.backups = backups;
    this.replication = replication;
  }

  /** An instance's own. */
  static AutomatedBackup own(InstanceBackups backups) {
    return new AutomatedBackup(RdsState.region(backups.instance().key()), backups, null);
  }

  String region() {
    return region;
  }

  InstanceBackups backups() {
    return backups;
  }

  SimulatedInstance instance() {
    return backups.instance();
  }

  Optional<Replication> replication() {
    return Optional.ofNullable(replication);
  }

  boolean isReplicating() {
    return replication != null && backups.deleted().isEmpty();
  }

  /** Nothing is left of what was kept of a deleted instance, or of a replication that has ended. */
  boolean isExpired() {
    return backups.deleted().isPresent() && backups.backups().isEmpty();
  }

  int days() {
    return replication == null ? AutomatedBackups.retention(instance()) : replication.days();
  }

  String resourceId() {
    return RdsState.resourceId(instance().uid());
  }

  String arn() {
    ResourceKey key = instance().key();
    ResourceKey here = new ResourceKey(RdsState.account(key) + "/" + region, key.name());
    return RdsState.arn(
        here,
        "rds",
        "auto-backup:ab-" + instance().uid().replace("-", "").toLowerCase(Locale.ROOT));
  }

  @SuppressWarnings("unchecked") // Only the actions put it there.
  Map<String, String> tags() {
    return replication == null
        ? instance().attribute(AutomatedBackups.TAGS, Map.class).orElse(Map.of())
        : replication.tags();
  }

  String status() {
    if (backups.deleted().isPresent()) {
      return "retained";
    }
    boolean begun = backups.window().isPresent();
    if (replication == null) {
      return begun ? "active" : "creating";
    }
    return begun ? "replicating" : "pending";
  }

  Optional<InstanceBackups.Window> window(Instant now) {
    return AutomatedBackups.window(backups, now);
  }
}
