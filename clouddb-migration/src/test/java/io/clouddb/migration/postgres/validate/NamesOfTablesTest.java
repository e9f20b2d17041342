/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.validate;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.postgres.testing.Ends;
import java.sql.Connection;
import org.junit.jupiter.api.Test;

/** A cloud puts extensions of its own into the schema public of each database. */
class NamesOfTablesTest {
  @Test
  void areTheSameWhereOnlyTheTargetHasAnExtension() throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      ends.onBoth("CREATE TABLE audit (id int PRIMARY KEY, t regclass)");
      ends.onTarget("CREATE EXTENSION citext SCHEMA public");
      ends.onBoth("INSERT INTO audit VALUES (1, 'audit')");
      try (Connection source = Validation.connect(ends.source());
          Connection target = Validation.connect(ends.target())) {
        assertThat(Validation.compareTables(source, target, ends.tables(), 20))
            .allSatisfy(table -> assertThat(table.mismatches()).isEmpty());
      }
    }
  }
}
