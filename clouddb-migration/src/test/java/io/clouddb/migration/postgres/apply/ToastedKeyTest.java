/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.testing.Ends;
import io.clouddb.migration.postgres.validate.KeyComparison;
import io.clouddb.migration.postgres.validate.Validation;
import java.sql.Connection;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Keys whose values are kept out of line: too long for their row, and short enough for an index. An
 * update that leaves one alone brings a placeholder for it, and the key as it was beside it.
 */
class ToastedKeyTest {
  private static final String KEY = "(repeat(md5('%s'), 80))";

  private static String key(String of) {
    return KEY.formatted(of);
  }

  @ParameterizedTest
  @ValueSource(ints = {14, 18})
  void areFollowedByTheOldKey(int version) throws Exception {
    try (Ends ends = Ends.of(version, version)) {
      ends.onBoth(
          "CREATE TABLE one (k text PRIMARY KEY, v int, big text)",
          "CREATE TABLE two (a int, k text, v int, PRIMARY KEY (k, a))",
          "CREATE TABLE by_index (v int, k text NOT NULL, a int NOT NULL)",
          "CREATE UNIQUE INDEX by_index_key ON by_index (a, k)",
          "CREATE TABLE full_identity (k text PRIMARY KEY, v int)",
          "CREATE TABLE no_key (k text, v int)",
          "CREATE TABLE always (id int GENERATED ALWAYS AS IDENTITY, k text PRIMARY KEY, v int)");
      for (String table :
          new String[] {"one", "two", "by_index", "full_identity", "no_key", "always"}) {
        ends.onSource("ALTER TABLE " + table + " ALTER k SET STORAGE EXTERNAL");
      }
      ends.onSource(
          "ALTER TABLE one ALTER big SET STORAGE EXTERNAL",
          "ALTER TABLE by_index REPLICA IDENTITY USING INDEX by_index_key",
          "ALTER TABLE full_identity REPLICA IDENTITY FULL",
          "ALTER TABLE no_key REPLICA IDENTITY FULL",
          "INSERT INTO one SELECT repeat(md5(i::text), 80), i, repeat('b', 3000 + i)"
              + " FROM generate_series(1, 40) i",
          "INSERT INTO two SELECT i, repeat(md5(i::text), 80), i FROM generate_series(1, 40) i",
          "INSERT INTO by_index SELECT i, repeat(md5(i::text), 80), i FROM generate_series(1, 9) i",
          "INSERT INTO full_identity SELECT repeat(md5(i::text), 80), i FROM generate_series(1, 9) i",
          "INSERT INTO no_key SELECT repeat(md5(i::text), 80), i FROM generate_series(1, 9) i",
          "INSERT INTO always (k, v) SELECT repeat(md5(i::text), 80), i FROM generate_series(1, 9) i");
      assertThat(
              Ends.query(
                  ends.source(),
                  "SELECT count(*) FROM pg_class c WHERE relname IN ('one', 'two', 'by_index',"
                      + " 'full_identity', 'no_key', 'always')"
                      + " AND pg_relation_size(c.reltoastrelid) = 0"))
          .as("tables without a value out of line")
          .isEqualTo("0");
      ends.copy(1, 1 << 20);
      try (Applier applier = ends.applier()) {
        ends.catchUp(applier);
        applier.hold(Ends.PATIENCE);
        applier.recordChangedKeys(true);
        applier.release();
        ends.onSource(
            // Many at once, one by one, and one row again and again.
            "UPDATE one SET v = v + 1",
            "UPDATE one SET v = v + 1 WHERE v = 5",
            "BEGIN; UPDATE one SET v = -1 WHERE v = 10; UPDATE one SET big = 'now' WHERE v = -1;"
                + " UPDATE one SET v = -2 WHERE v = -1; COMMIT",
            "UPDATE one SET v = 100, k = " + key("new") + " WHERE v = 12",
            "UPDATE one SET v = 101 WHERE v = 100",
            "DELETE FROM one WHERE v = 20",
            "BEGIN; INSERT INTO one VALUES ("
                + key("x")
                + ", 200, 'x'); UPDATE one SET v = 201"
                + " WHERE v = 200; UPDATE one SET big = NULL WHERE v = 201; COMMIT",
            "BEGIN; UPDATE one SET v = 300 WHERE v = 25; DELETE FROM one WHERE v = 300; COMMIT",
            "UPDATE two SET v = 0",
            "UPDATE two SET a = a + 1000, v = 1 WHERE a % 2 = 0",
            "UPDATE two SET k = " + key("only one such") + " WHERE a < 3",
            "UPDATE by_index SET v = v + 1",
            "UPDATE by_index SET a = a + 100 WHERE a < 4",
            "UPDATE full_identity SET v = v + 1",
            "UPDATE full_identity SET k = " + key("f") + " WHERE v = 3",
            "UPDATE no_key SET v = v + 1",
            "DELETE FROM no_key WHERE v = 4",
            "UPDATE always SET v = v + 1",
            "UPDATE always SET id = DEFAULT WHERE v = 3");
        ends.catchUp(applier);
        assertThat(applier.failure()).isNotDone();
        assertThat(ends.differences()).isEmpty();
        ChangedKeys changed = applier.drainChangedKeys();
        assertThat(changed.keys().getOrDefault(new TableName("public", "one"), Set.of()))
            // Each of them, the moved one's new key and the new row's.
            .hasSize(42);
        try (Connection source = Validation.connect(ends.source());
            Connection target = Validation.connect(ends.target())) {
          KeyComparison.Result compared =
              KeyComparison.compare(source, target, ends.tables(), changed.keys());
          assertThat(compared.mismatches()).isEmpty();
          assertThat(compared.keys()).isGreaterThan(90);
        }
      }
    }
  }
}
