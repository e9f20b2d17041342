/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.validate;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.postgres.apply.RowKey;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.testing.Ends;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Keys of a user's type are given as JSON; what else is in the key must be found all the same. */
class JsonInKeysTest {
  private static void differs(String type, String value) throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      ends.onBoth(
          "CREATE TYPE mood AS ENUM ('it''s \"fine\"', 'a\\b', 'NULL', '', 'nül')",
          "CREATE TABLE t (m mood, k " + type + ", what text, PRIMARY KEY (m, k))",
          "INSERT INTO t SELECT m, '" + value + "', 'same' FROM unnest(enum_range(NULL::mood)) m");
      ends.onTarget("UPDATE t SET what = 'other'");
      List<Table> tables = ends.tables();
      String text = Ends.query(ends.source(), "SELECT k::text FROM public.t LIMIT 1");
      Set<RowKey> keys =
          Set.of(
              new RowKey(List.of("it's \"fine\"", text)),
              new RowKey(List.of("a\\b", text)),
              new RowKey(List.of("NULL", text)),
              new RowKey(List.of("", text)),
              new RowKey(List.of("nül", text)));
      try (Connection source = Validation.connect(ends.source());
          Connection target = Validation.connect(ends.target())) {
        assertThat(
                KeyComparison.compare(source, target, tables, Map.of(tables.get(0).name(), keys))
                    .mismatches())
            .hasSize(5);
      }
    }
  }

  @Test
  void text() throws Exception {
    differs("text", "a\\b \"c\" \u2028 \u0001 é");
  }

  @Test
  void jsonb() throws Exception {
    differs("jsonb", "{\"a\": 1}");
  }

  @Test
  void numeric() throws Exception {
    differs("numeric", "NaN");
  }

  @Test
  void bytes() throws Exception {
    differs("bytea", "\\x0027225c");
  }

  @Test
  void texts() throws Exception {
    differs("text[]", "{\"a b\",NULL,\"\\\\\"}");
  }

  @Test
  void bits() throws Exception {
    differs("bit(5)", "10101");
  }

  @Test
  void padded() throws Exception {
    differs("char(5)", "ab");
  }

  @Test
  void oneByte() throws Exception {
    differs("\"char\"", "x");
  }
}
