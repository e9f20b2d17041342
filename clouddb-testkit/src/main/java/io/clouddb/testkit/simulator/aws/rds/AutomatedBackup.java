/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.rds;

import io.clouddb.testkit.simulator.engine.ResourceKey;
import io.clouddb.testkit.simulator.server.InstanceBackups;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The automated backups of one instance in one region: its own, or one that keeps them, too. */
final class AutomatedBackup {
  /** Until the first snapshot and log have been copied. */
  private static final Duration COPIED_AFTER = Duration.ofMinutes(5);

  private final String region;
  private final InstanceBackups backups;
  private final @Nullable Replication replication;

  /**
   * What a replication has been asked for.
   *
   * @param days for how long it keeps
   * @param keyOrNull what encrypts there
   * @param tags key to value
   * @param since when it began
   */
  record Replication(
      int days, @Nullable String keyOrNull, Map<String, String> tags, Instant since) {}

  private volatile @Nullable Instant ended;

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

  /** The replication ends; what it has stays. */
  void end(Instant now) {
    ended = now;
  }

  boolean isReplicating() {
    return replication != null && ended == null && backups.deleted().isEmpty();
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

  String status(Instant now) {
    if (replication == null) {
      if (backups.deleted().isPresent()) {
        return "retained";
      }
      return backups.window().isPresent() ? "active" : "creating";
    }
    if (!isReplicating()) {
      return "retained";
    }
    return window(now).isPresent() ? "replicating" : "pending";
  }

  Optional<InstanceBackups.Window> window(Instant now) {
    if (replication == null) {
      return AutomatedBackups.window(backups, now);
    }
    Instant end = ended;
    if (now.isBefore(replication.since().plus(COPIED_AFTER))) {
      return Optional.empty();
    }
    return AutomatedBackups.window(backups, now)
        .map(
            window ->
                new InstanceBackups.Window(
                    latest(
                        window.earliest(),
                        AutomatedBackups.notBefore(now.minus(Duration.ofDays(days())))),
                    end == null || end.isAfter(window.latest())
                        ? window.latest()
                        : AutomatedBackups.notAfter(end)))
        .filter(window -> !window.earliest().isAfter(window.latest()));
  }

  private static Instant latest(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
