/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableName;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The tables that are the migration's, when it goes on behind a decision of an earlier run: a fence
 * had to stand on these. One that was made since, a partition of the next month for one, had none,
 * and is not carried.
 */
final class FencedTables {
  private FencedTables() {}

  /** Says which tables are new. */
  static List<TableName> of(MigrationRun run) {
    Set<String> planned = CopyHistory.of(run.history).planned().keySet();
    List<TableName> made =
        run.tables().stream()
            .map(Table::name)
            .filter(table -> !planned.contains(table.quoted()))
            .toList();
    if (!made.isEmpty()) {
      run.notifier.notice(
          "Made on the source since, and not carried: "
              + made.stream().map(TableName::quoted).collect(Collectors.joining(", ")));
    }
    return run.tables().stream().map(Table::name).filter(table -> !made.contains(table)).toList();
  }
}
