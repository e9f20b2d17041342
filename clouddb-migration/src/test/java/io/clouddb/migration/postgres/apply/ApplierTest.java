/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.postgres.testing.Ends;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApplierTest {
  @ParameterizedTest
  @CsvSource({"14,14", "14,18", "16,16", "18,18"})
  void repeatsEveryKindOfChange(int from, int to) throws Exception {
    try (Ends ends = Ends.of(from, to)) {
      ends.onBoth(
          "CREATE TABLE a (id int PRIMARY KEY, t text, n numeric)",
          "CREATE TABLE b (x int, y text, PRIMARY KEY (y, x))",
          "CREATE TABLE \"Odd \"\"Name\" (\"Select\" int PRIMARY KEY, \"a b\" text)");
      ends.onSource(
          "INSERT INTO a SELECT i, 'row ' || i, i * 1.10 FROM generate_series(1, 5000) i",
          "INSERT INTO b SELECT i, 'k' || i FROM generate_series(1, 100) i");
      ends.copy(2, 64 << 10);
      assertThat(ends.differences()).isEmpty();
      try (Applier applier = ends.applier()) {
        ends.onSource(
            "INSERT INTO a SELECT i, 'new ' || i, NULL FROM generate_series(5001, 6000) i",
            "UPDATE a SET t = t || '!' WHERE id % 3 = 0",
            "DELETE FROM a WHERE id % 7 = 0",
            "UPDATE a SET id = id + 100000 WHERE id % 11 = 0",
            "UPDATE b SET y = 'moved' WHERE x < 10",
            "INSERT INTO \"Odd \"\"Name\" VALUES (1, 'x'), (2, NULL)",
            "UPDATE \"Odd \"\"Name\" SET \"a b\" = '' WHERE \"Select\" = 2");
        ends.catchUp(applier);
        assertThat(ends.differences()).isEmpty();
        ends.onSource("TRUNCATE a, b", "INSERT INTO a VALUES (1, 'after', 'NaN')");
        ends.catchUp(applier);
        assertThat(ends.differences()).isEmpty();
        assertThat(applier.counters().truncated()).isEqualTo(2);
        assertThat(applier.counters().inserted()).isEqualTo(1003);
        assertThat(applier.failure()).isNotDone();
      }
    }
  }
}
