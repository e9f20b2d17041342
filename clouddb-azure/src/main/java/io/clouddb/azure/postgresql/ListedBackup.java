/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import io.clouddb.azure.internal.ArmOperations;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A backup as Azure tells of it.
 *
 * @param id Azure's own id
 * @param type Azure's word for its kind
 * @param source Azure's word for whom it is by
 * @param completed when it was done, which is the moment that a server is restored to; null while
 *     Azure does not tell
 */
record ListedBackup(BackupArmId id, String type, String source, @Nullable Instant completed) {
  /** Azure's word for one that somebody has asked for; only such a one can be deleted. */
  static final String ON_DEMAND = "Customer On-Demand";

  /**
   * A page of a list.
   *
   * @param backups what is on it
   * @param next path and query of the next page; null on the last one
   */
  record Listed(List<ListedBackup> backups, @Nullable String next) {}

  /** Reads a page of a list. */
  static Listed page(Map<String, Object> document) {
    List<ListedBackup> all =
        document.get("value") instanceof List<?> entries
            ? entries.stream()
                .filter(Map.class::isInstance)
                .flatMap(entry -> of((Map<?, ?>) entry).stream())
                .toList()
            : List.of();
    String next = ListedReplica.text(document, "nextLink");
    return new Listed(all, next.isEmpty() ? null : ArmOperations.relative(next));
  }

  /** Reads a backup; empty when the document is none of one. */
  static Optional<ListedBackup> of(Map<?, ?> document) {
    Map<?, ?> properties = ListedReplica.map(document, "properties");
    return BackupArmId.of(ListedReplica.text(document, "id"))
        .map(
            id ->
                new ListedBackup(
                    id,
                    ListedReplica.text(properties, "backupType"),
                    ListedReplica.text(properties, "source"),
                    time(ListedReplica.text(properties, "completedTime")).orElse(null)));
  }

  private static Optional<Instant> time(String text) {
    try {
      return text.isEmpty()
          ? Optional.empty()
          : Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** Whether somebody has asked for it. */
  boolean isOnDemand() {
    return type.equalsIgnoreCase(ON_DEMAND);
  }

  /** Whether its moment is before another one. */
  boolean isBefore(Instant moment) {
    return completed != null && completed.isBefore(moment);
  }
}
