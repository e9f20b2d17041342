/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
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

  /** Reads a page of a list. */
  static ListPage<ListedBackup> page(Map<?, ?> document) {
    return ListPage.of(document, "backups", ListedBackup::of);
  }

  /** Reads a backup. */
  static ListedBackup of(Map<?, ?> document) {
    Map<?, ?> properties = ListDocument.map(document, "properties");
    String id = ListDocument.text(document, "id");
    return new ListedBackup(
        BackupArmId.of(id)
            .orElseThrow(() -> ListDocument.unreadable("A backup has the id '" + id + "'")),
        ListDocument.text(properties, "backupType"),
        ListDocument.text(properties, "source"),
        time(id, ListDocument.text(properties, "completedTime")));
  }

  private static @Nullable Instant time(String id, String text) {
    try {
      return text.isEmpty() ? null : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      // For one that is being made it would be waited for ever.
      throw ListDocument.unreadable("The backup " + id + " was completed at '" + text + "'");
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
