/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.preflight;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What preflight has to know beside the databases.
 *
 * @param leftBehind objects of kinds that are not carried and may stay behind, each named as its
 *     finding names it
 * @param replicationSlots how many free replication slots, and WAL senders, the source needs
 * @param patience how long to wait for a connection, for a lock on a table and for a replication
 *     slot before that is a finding
 * @param reverse whether the target has to send its changes too, after the switch
 * @param trusted roles whose functions may run in the migration's sessions
 */
public record PreflightOptions(
    Set<String> leftBehind,
    int replicationSlots,
    Duration patience,
    boolean reverse,
    Set<String> trusted) {
  // One for the changes, and one now and then for a snapshot to validate at.
  private static final int DEFAULT_SLOTS = 2;
  private static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(10);

  /** Keeps the sets unmodifiable. */
  public PreflightOptions {
    trusted = Set.copyOf(trusted);
    leftBehind = Set.copyOf(leftBehind);
  }

  /**
   * The options that fit most migrations: nothing may stay behind, two slots, ten seconds.
   *
   * @return the options
   */
  public static PreflightOptions defaults() {
    return new PreflightOptions(Set.of(), DEFAULT_SLOTS, DEFAULT_PATIENCE, false, Set.of());
  }

  /**
   * Allows further objects to stay behind: finding them is a warning then, not an error.
   *
   * @param objects as the findings name them
   * @return options with these
   */
  public PreflightOptions leavingBehind(String... objects) {
    Set<String> all = new LinkedHashSet<>(leftBehind);
    all.addAll(Arrays.asList(objects));
    return new PreflightOptions(all, replicationSlots, patience, reverse, trusted);
  }

  /**
   * Sets how many replication slots the migration needs on the source.
   *
   * @param count at least 1
   * @return options with that number
   */
  public PreflightOptions withReplicationSlots(int count) {
    return new PreflightOptions(leftBehind, count, patience, reverse, trusted);
  }

  /**
   * Sets how long preflight waits for what may block.
   *
   * @param limit at least a second
   * @return options with that limit
   */
  public PreflightOptions withPatience(Duration limit) {
    return new PreflightOptions(leftBehind, replicationSlots, limit, reverse, trusted);
  }

  /**
   * Says whether there is to be reverse replication.
   *
   * @param needed true when the target sends its changes after the switch
   * @return options that say so
   */
  public PreflightOptions withReverse(boolean needed) {
    return new PreflightOptions(leftBehind, replicationSlots, patience, needed, trusted);
  }

  /**
   * Trusts roles: what their functions do in the migration's sessions is no error then.
   *
   * @param roles their names
   * @return options that trust these too
   */
  public PreflightOptions trusting(String... roles) {
    Set<String> all = new LinkedHashSet<>(trusted);
    all.addAll(Arrays.asList(roles));
    return new PreflightOptions(leftBehind, replicationSlots, patience, reverse, all);
  }
}
