/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.postgres.testing.Ends;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApplierRowsTest {
  private static final String BIG =
      "(SELECT string_agg(md5(i::text), '') FROM generate_series(1, 500) i)";

  /** With the right to set replica role, and without. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void keepsRowsThatToolsSpoil(boolean replicaRole) throws Exception {
    try (Ends ends = replicaRole ? Ends.withReplicaRole(16, 16) : Ends.of(16, 16)) {
      ends.onBoth(
          "CREATE TABLE toast (id int PRIMARY KEY, big text, small int)",
          "ALTER TABLE toast ALTER big SET STORAGE EXTERNAL",
          "CREATE TABLE toast_full (id int, big text, small int)",
          "ALTER TABLE toast_full ALTER big SET STORAGE EXTERNAL",
          "CREATE TABLE full_with_key (id int PRIMARY KEY, t text)",
          "CREATE TABLE by_index (a int NOT NULL, b text NOT NULL, c int)",
          "CREATE UNIQUE INDEX by_index_key ON by_index (b, a)",
          "CREATE TABLE parted (id int, region text, v int, PRIMARY KEY (id, region))"
              + " PARTITION BY LIST (region)",
          "CREATE TABLE parted_eu PARTITION OF parted FOR VALUES IN ('eu')",
          "CREATE TABLE parted_us PARTITION OF parted FOR VALUES IN ('us')",
          "CREATE TABLE swapped (id int PRIMARY KEY, u int UNIQUE DEFERRABLE)",
          "CREATE TABLE always (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v text,"
              + " twice int GENERATED ALWAYS AS (length(v) * 2) STORED)",
          "CREATE TABLE always_aside (id int PRIMARY KEY,"
              + " n int GENERATED ALWAYS AS IDENTITY, v text)",
          "CREATE TABLE nothing ()",
          "CREATE TABLE parent (id int PRIMARY KEY, v int)",
          "CREATE TABLE child (PRIMARY KEY (id)) INHERITS (parent)");
      ends.onSource(
          "ALTER TABLE toast_full REPLICA IDENTITY FULL",
          "ALTER TABLE full_with_key REPLICA IDENTITY FULL",
          "ALTER TABLE by_index REPLICA IDENTITY USING INDEX by_index_key",
          "ALTER TABLE nothing REPLICA IDENTITY FULL",
          "INSERT INTO toast SELECT i, " + BIG + ", 0 FROM generate_series(1, 5) i",
          "INSERT INTO toast_full SELECT i / 2, " + BIG + ", NULL FROM generate_series(1, 6) i",
          "INSERT INTO full_with_key VALUES (1, 'a'), (2, NULL)",
          "INSERT INTO by_index VALUES (1, 'x', 1), (2, 'x', NULL)",
          "INSERT INTO parted SELECT i, 'eu', 0 FROM generate_series(1, 10) i",
          "INSERT INTO swapped VALUES (1, 1), (2, 2), (3, 3)",
          "INSERT INTO always (v) VALUES ('a'), ('bb'), ('ccc')",
          "INSERT INTO always_aside (id, v) VALUES (1, 'a'), (2, 'b')",
          "INSERT INTO nothing DEFAULT VALUES",
          "INSERT INTO nothing DEFAULT VALUES",
          "INSERT INTO parent VALUES (1, 1)",
          "INSERT INTO child VALUES (1, 2)");
      ends.copy(2, 64 << 10);
      assertThat(ends.differences()).isEmpty();
      try (Applier applier = ends.applier()) {
        ends.onSource(
            "UPDATE toast SET small = id",
            "UPDATE toast SET small = 9, big = NULL WHERE id = 2",
            "UPDATE toast SET id = 30 WHERE id = 3",
            "UPDATE toast_full SET small = 1 WHERE ctid = '(0,2)'",
            "UPDATE toast_full SET small = 2 WHERE id = 0",
            "DELETE FROM toast_full WHERE ctid = (SELECT max(ctid) FROM toast_full)",
            "UPDATE full_with_key SET id = 3, t = 'b' WHERE id = 2",
            "UPDATE full_with_key SET t = NULL WHERE id = 1",
            "UPDATE by_index SET c = 5 WHERE a = 2",
            "UPDATE by_index SET b = 'y' WHERE a = 1",
            "UPDATE parted SET region = 'us', v = 1 WHERE id < 4",
            "DELETE FROM parted WHERE id = 3 OR id = 9",
            "UPDATE swapped SET u = 4 - u",
            "BEGIN; SET CONSTRAINTS ALL DEFERRED; UPDATE swapped SET u = 2 WHERE id = 1;"
                + " UPDATE swapped SET u = 3 WHERE id = 2; COMMIT",
            "UPDATE always SET v = 'dddd' WHERE id = 1",
            "UPDATE always SET id = DEFAULT WHERE id = 2",
            "INSERT INTO always (id, v) OVERRIDING SYSTEM VALUE VALUES (100, 'e')",
            "UPDATE always_aside SET n = DEFAULT WHERE id = 1",
            "UPDATE always_aside SET v = 'c', id = 7 WHERE id = 2",
            "INSERT INTO nothing DEFAULT VALUES",
            "DELETE FROM nothing WHERE ctid = '(0,1)'",
            "UPDATE parent SET v = v + 10",
            "DELETE FROM ONLY parent");
        ends.catchUp(applier);
        assertThat(ends.differences()).isEmpty();
        ends.onSource("TRUNCATE parted", "TRUNCATE parent", "TRUNCATE always RESTART IDENTITY");
        ends.catchUp(applier);
        assertThat(ends.differences()).isEmpty();
        assertThat(applier.replicaRole()).contains(replicaRole);
        assertThat(applier.failure()).isNotDone();
      }
    }
  }

  @Test
  void firesNoTriggerWithReplicaRole() throws Exception {
    try (Ends ends = Ends.withReplicaRole(16, 16)) {
      ends.onBoth("CREATE TABLE a (id int PRIMARY KEY, t text)");
      ends.onTarget(
          "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS"
              + " 'BEGIN NEW.t := ''spoilt''; RETURN NEW; END'",
          "CREATE TRIGGER spoil BEFORE INSERT OR UPDATE ON a FOR EACH ROW EXECUTE FUNCTION spoil()");
      ends.onSource("INSERT INTO a VALUES (1, 'copied')");
      ends.copy(1, 1 << 20);
      try (Applier applier = ends.applier()) {
        ends.onSource("INSERT INTO a VALUES (2, 'applied')");
        ends.catchUp(applier);
        assertThat(ends.differences()).isEmpty();
      }
    }
  }

  @Test
  void appliesATransactionThatIsLargerThanItsQueue() throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      ends.onBoth("CREATE TABLE a (id int PRIMARY KEY, t text)");
      ends.copy(1, 1 << 20);
      try (Applier applier = ends.applier(ends.options().queueBytes(200_000).build())) {
        ends.onSource(
            "INSERT INTO a SELECT i, md5(i::text) FROM generate_series(1, 60000) i",
            "BEGIN; UPDATE a SET t = t || 'x' WHERE id <= 20000; DELETE FROM a WHERE id > 50000;"
                + " ROLLBACK",
            "UPDATE a SET t = 'y' WHERE id % 2 = 0");
        ends.catchUp(applier);
        assertThat(ends.differences()).isEmpty();
        assertThat(applier.counters().rows()).isEqualTo(90_000);
        // Two transactions, and the marker's.
        assertThat(applier.counters().transactions()).isEqualTo(3);
      }
    }
  }

  @Test
  void marksItsTransactionsAndLeavesMarkedOnesOut() throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      ends.onBoth("CREATE TABLE a (id int PRIMARY KEY)");
      ends.copy(1, 1 << 20);
      String secret = ApplyMark.secret(new SecureRandom());
      ApplyMark mark = ApplyMark.onTarget("test", secret);
      try (Applier applier = ends.applier(ends.options().mark(mark).leaveOut(mark).build())) {
        ends.asSuperuser(
            ends.targetServer(),
            "SELECT pg_create_logical_replication_slot('" + ends.slot() + "_back', 'pgoutput')",
            "CREATE PUBLICATION back FOR ALL TABLES");
        try (Connection source = ends.source().connect();
            Statement statement = source.createStatement()) {
          source.setAutoCommit(false);
          mark.begin(source);
          try (PreparedStatement forged =
              source.prepareStatement("SELECT pg_logical_emit_message(true, 'clouddb.apply', ?)")) {
            statement.execute("INSERT INTO a VALUES (1)");
            source.commit();
            // Of the other way, of another secret, of anybody, and of another transaction.
            ApplyMark.onSource("test", secret).begin(source);
            statement.execute("INSERT INTO a VALUES (2)");
            source.commit();
            ApplyMark.onTarget("test", ApplyMark.secret(new SecureRandom())).begin(source);
            statement.execute("INSERT INTO a VALUES (3)");
            source.commit();
            for (String content : List.of("", "test:", mark.content(3), "other:1")) {
              forged.setString(1, content);
              forged.execute();
              statement.execute("INSERT INTO a SELECT max(id) + 1 FROM a");
              source.commit();
            }
            // Not at the beginning, it says nothing of the transaction.
            statement.execute("INSERT INTO a VALUES (8)");
            mark.begin(source);
            source.commit();
          }
        }
        ends.catchUp(applier);
        assertThat(
                Ends.query(
                    ends.target(), "SELECT string_agg(id::text, ' ' ORDER BY id) FROM public.a"))
            .isEqualTo("2 3 4 5 6 7 8");
        assertThat(applier.imitatedMarks()).isEqualTo(5);
        var asAdmin =
            ends.targetServer().superuser().toBuilder().database(ends.target().database()).build();
        String stream =
            Ends.query(
                asAdmin,
                "SELECT string_agg(convert_from(substr(data, 1, 1), 'LATIN1')"
                    + " || CASE WHEN position('clouddb.apply'::bytea IN data) > 0 THEN '!' ELSE ''"
                    + " END, '') FROM pg_logical_slot_get_binary_changes('"
                    + ends.slot()
                    + "_back', NULL, NULL, 'proto_version', '1', 'publication_names', 'back',"
                    + " 'messages', 'true')");
        assertThat(stream).contains("BM!RI").doesNotContain("BRI");
        ends.asSuperuser(
            ends.targetServer(), "SELECT pg_drop_replication_slot('" + ends.slot() + "_back')");
      }
    }
  }
}
