/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.migration.postgres.schema.StandingObject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

/**
 * Takes from the target what an interrupted run made too early for what comes next: triggers and
 * rules that would fire when changes are applied, foreign keys that keep a table from being copied
 * again. All that the migration made is made again. What somebody else made stands in the way as
 * well: it goes too, and the journal and the report have what makes it.
 */
final class TargetRewind {
  private static final String REMOVED = "target.removed";
  private static final String OBJECT = "object";
  private static final String SQL = "sql";

  private TargetRewind() {}

  /** Drops triggers and rules, and foreign keys if they are in the way too. */
  static void rewind(MigrationRun run, Connection target, boolean withForeignKeys)
      throws SQLException {
    for (StandingObject standing : run.schema.standing(withForeignKeys)) {
      if (!standing.planned()) {
        Map<String, String> noted = Map.of(OBJECT, standing.name(), SQL, standing.definition());
        // Before it goes: a run that is killed in between must not be the last that knew it.
        run.history.note(REMOVED, noted);
        run.notifier.notice(told(noted));
      }
      try (Statement ddl = target.createStatement()) {
        ddl.execute(standing.drop());
      }
    }
    run.schema.readAgain();
  }

  /** What is not there any more and was not the migration's, for the report of any later run. */
  static List<String> removed(History history) {
    return history.notes().stream()
        .filter(entry -> entry.kind().equals(REMOVED))
        .map(entry -> told(entry.data()))
        .distinct()
        .toList();
  }

  private static String told(Map<String, String> noted) {
    return "Not on the target any more: %s, which the source does not have and which stood in the way of the changes. Once the migration is over: %s"
        .formatted(noted.get(OBJECT), noted.get(SQL));
  }
}
