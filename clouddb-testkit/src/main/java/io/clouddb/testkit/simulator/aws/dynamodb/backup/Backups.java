/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.backup;

import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The backups of an account, until they are deleted or their time is over. For any thread. */
public final class Backups {
  private final Map<String, Backup> backups = new ConcurrentHashMap<>();
  private final Clock clock;

  /**
   * Makes it empty.
   *
   * @param clock their time
   */
  public Backups(Clock clock) {
    this.clock = clock;
  }

  /**
   * Adds one.
   *
   * @param backup the backup
   */
  public void add(Backup backup) {
    backups.put(backup.arn(), backup);
  }

  private boolean isThere(Backup backup) {
    Instant expires = backup.expires();
    return expires == null || expires.isAfter(clock.instant());
  }

  /**
   * Looks for one.
   *
   * @param arn its ARN
   * @return empty when there is none
   */
  public Optional<Backup> find(String arn) {
    return Optional.ofNullable(backups.get(arn)).filter(this::isThere);
  }

  /**
   * Deletes one.
   *
   * @param backup the backup
   */
  public void remove(Backup backup) {
    backups.remove(backup.arn());
  }

  /**
   * Those of a region.
   *
   * @param region where
   * @return the oldest first
   */
  public List<Backup> in(String region) {
    return backups.values().stream()
        .filter(backup -> backup.region().equals(region) && isThere(backup))
        .sorted(Comparator.comparing(Backup::created).thenComparing(Backup::arn))
        .toList();
  }
}
