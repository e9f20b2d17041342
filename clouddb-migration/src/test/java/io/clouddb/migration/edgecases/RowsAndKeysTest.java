/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.edgecases;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.TwoDatabases;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Between the oldest and the newest version, by a role that may not set replica role. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RowsAndKeysTest {
  private static final String BIG =
      "(SELECT string_agg(md5(i::text || '{n}'), '') FROM generate_series(1, 300) i)";

  private static final List<String> SCHEMA =
      List.of(
          "CREATE TABLE without_key (a int, b text)",
          "ALTER TABLE without_key REPLICA IDENTITY FULL",
          "CREATE TABLE by_index (a int NOT NULL, b text NOT NULL, c int)",
          "CREATE UNIQUE INDEX by_index_key ON by_index (b, a)",
          "ALTER TABLE by_index REPLICA IDENTITY USING INDEX by_index_key",
          "INSERT INTO without_key SELECT i % 3, 'same' FROM generate_series(1, 9) i",
          "INSERT INTO by_index SELECT i, 'b', NULL FROM generate_series(1, 9) i",
          "CREATE TABLE moved (id int PRIMARY KEY, v text)",
          "INSERT INTO moved SELECT i, 'v' FROM generate_series(1, 50) i",
          "CREATE TABLE emptied (id int PRIMARY KEY)",
          "CREATE TABLE parted (id int, region text, v int, PRIMARY KEY (id, region))"
              + " PARTITION BY LIST (region)",
          "CREATE TABLE parted_eu PARTITION OF parted FOR VALUES IN ('eu')",
          "CREATE TABLE parted_us PARTITION OF parted FOR VALUES IN ('us')",
          "INSERT INTO parted SELECT i, CASE i % 2 WHEN 0 THEN 'us' ELSE 'eu' END, 0 FROM generate_series(1, 50) i",
          "CREATE TABLE wide (id int PRIMARY KEY, big text, small int)",
          "ALTER TABLE wide ALTER big SET STORAGE EXTERNAL",
          "INSERT INTO wide SELECT i, " + BIG + ", 0 FROM generate_series(1, 5) i",
          "CREATE TABLE swapped (id int PRIMARY KEY, u int UNIQUE DEFERRABLE, w int UNIQUE)",
          "INSERT INTO swapped VALUES (1, 1, 1), (2, 2, 2), (3, 3, 3)",
          "CREATE TABLE hen (id int PRIMARY KEY, egg int)",
          "CREATE TABLE egg (id int PRIMARY KEY, hen int REFERENCES hen ON DELETE CASCADE"
              + " DEFERRABLE INITIALLY DEFERRED, mother int REFERENCES egg ON DELETE CASCADE)",
          "ALTER TABLE hen ADD FOREIGN KEY (egg) REFERENCES egg ON DELETE SET NULL"
              + " DEFERRABLE INITIALLY DEFERRED",
          "CREATE TABLE noted (id serial PRIMARY KEY, what text)",
          "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS"
              + " 'BEGIN INSERT INTO noted (what) VALUES (TG_OP || OLD.id); RETURN NULL; END'",
          "CREATE TRIGGER note AFTER UPDATE OR DELETE ON hen FOR EACH ROW EXECUTE FUNCTION note()",
          "CREATE TABLE ruled (id int PRIMARY KEY)",
          "CREATE TABLE ruled_log (id serial PRIMARY KEY, n int)",
          "CREATE RULE log AS ON INSERT TO ruled DO ALSO INSERT INTO ruled_log (n) VALUES (NEW.id)",
          "CREATE TABLE made (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, no serial, v text,"
              + " twice int GENERATED ALWAYS AS (length(v) * 2) STORED,"
              + " code text DEFAULT 'c' || nextval('made_no_seq'))");

  private static final List<String> ROUND =
      List.of(
          "INSERT INTO without_key VALUES ({n} % 3, 'same'), ({n}, NULL)",
          "UPDATE without_key SET b = 'in {n}' WHERE a = {n} % 3 AND b = 'same'",
          "DELETE FROM without_key WHERE a = {n} - 2 AND b IS NULL",
          "INSERT INTO by_index VALUES ({n}, 'r', {n})",
          "UPDATE by_index SET b = 'moved', c = NULL WHERE a = {n} - 1 AND b = 'r'",
          "UPDATE moved SET id = id + 1000 WHERE id = {n} % 50",
          "UPDATE moved SET id = id - 1000 WHERE id = ({n} - 7) % 50 + 1000",
          "INSERT INTO emptied VALUES ({n})",
          "UPDATE parted SET region = CASE region WHEN 'eu' THEN 'us' ELSE 'eu' END, v = {n}"
              + " WHERE id = {n} % 50 + 1",
          "UPDATE wide SET small = {n} WHERE id = {n} % 5 + 1",
          "DO $$ BEGIN IF {n} % 7 = 0 THEN UPDATE wide SET big = "
              + BIG
              + " WHERE id = 2; END IF; END $$",
          "UPDATE swapped SET u = 4 - u",
          "UPDATE swapped SET w = -w WHERE id = 1",
          "UPDATE swapped SET w = w + 1000000 WHERE id = 2",
          "UPDATE swapped SET w = w - 1000000 WHERE id = 2",
          "INSERT INTO egg VALUES ({n}, {n}, CASE {n} % 2 WHEN 0 THEN"
              + " (SELECT max(id) FROM egg WHERE id > {n} - 3) END)",
          "INSERT INTO hen VALUES ({n}, {n})",
          "DELETE FROM hen WHERE id = {n} - 5",
          "DELETE FROM ruled WHERE id = {n}",
          "INSERT INTO ruled VALUES ({n})",
          "INSERT INTO made (v) VALUES (repeat('x', {n} % 9))",
          "UPDATE made SET v = v || 'y' WHERE no % 5 = {n} % 5",
          "UPDATE made SET id = DEFAULT WHERE id = {n} - 3");

  // While a table is copied it cannot be emptied, so this is done from then on only; and not in
  // each pass of the validation, which ends in an error after four.
  private static final List<String> LATE =
      List.of("DO $$ BEGIN IF {n} % 25 = 0 THEN TRUNCATE emptied, ruled; END IF; END $$");

  private LiveCase live;

  @BeforeAll
  void migrate(@TempDir Path shared) throws Exception {
    live = LiveCase.migrate(14, 18, false, shared, SCHEMA, ROUND, LATE);
  }

  @AfterAll
  void stop() {
    live.close();
  }

  @Test
  void rowsOfTablesWithoutAPrimaryKeyAreFollowedOneByOne() throws SQLException {
    live.assertHolds("without_key", "by_index");
  }

  @Test
  void changedKeysTruncationsAndRowsThatChangeTheirPartitionAreFollowed() throws SQLException {
    live.assertHolds("moved", "parted_eu", "parted_us");
    live.assertSame("SELECT count(*) || ' ' || coalesce(max(id), 0) FROM emptied");
    live.assertSame("SELECT count(*) FROM parted");
  }

  @Test
  void largeValuesThatAnUpdateLeavesAloneStayAsTheyAre() throws SQLException {
    live.assertHolds("wide");
    assertThat(TwoDatabases.ask(live.target(), "SELECT min(length(big)) FROM wide"))
        .isEqualTo("9600");
  }

  @Test
  void uniqueValuesThatAreSwappedInATransactionCollideNowhere() throws SQLException {
    live.assertHolds("swapped");
  }

  @Test
  void foreignKeysInACircleCascadesTriggersAndRulesActOnce() throws SQLException {
    live.assertHolds("hen", "egg", "noted", "ruled_log");
    live.assertSame("SELECT count(*) FROM ruled");
    live.assertSame(
        "SELECT string_agg(concat(conname, convalidated, condeferred), ',' ORDER BY conname)"
            + " FROM pg_constraint WHERE contype = 'f'");
  }

  @Test
  void generatedColumnsIdentitiesAndSequencesGoOnWhereTheyWere() throws SQLException {
    live.assertHolds("made");
    for (String sequence : List.of("made_id_seq", "made_no_seq", "noted_id_seq")) {
      live.assertSame("SELECT last_value || ' ' || is_called FROM " + sequence);
    }
    live.assertSame(
        "SELECT max(id) <= (SELECT last_value FROM made_id_seq) AND max(no) <= (SELECT last_value"
            + " FROM made_no_seq) FROM made");
  }
}
