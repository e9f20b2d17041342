/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.CloudDbException;
import io.clouddb.migration.postgres.apply.Applier;
import io.clouddb.migration.postgres.testing.Ends;
import io.clouddb.migration.postgres.testing.Shop;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class RepairTest {
  /** Each row's text and the transaction that wrote it. */
  private static final String WRITTEN =
      "SELECT string_agg(id || ' ' || xmin, ',' ORDER BY id) FROM public.quiet WHERE id > 100";

  private static Repair repair(Ends ends) {
    return Repair.between(ends.source(), ends.target(), "test").patience(Ends.PATIENCE).build();
  }

  private static Validation validation(Ends ends) {
    return Validation.between(ends.source(), ends.target(), "test").patience(Ends.PATIENCE).build();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void putsRightWhatDiffersAndTouchesNothingElseUnderWrites(boolean replicaRole) throws Exception {
    try (Ends ends = replicaRole ? Ends.withReplicaRole(15, 18) : Ends.of(14, 16);
        Shop shop = new Shop(ends.source())) {
      ends.onBoth(Shop.schema());
      ends.onSource(Shop.FULL_IDENTITY);
      ends.onSource(Shop.rows(1000));
      shop.start(2);
      ends.copy(2, 256 << 10);
      try (Applier applier = ends.applier()) {
        String written = Ends.query(ends.target(), WRITTEN);
        ends.onTarget(
            "UPDATE quiet SET n = 1.250 WHERE id = 10",
            "UPDATE quiet SET f = 0 WHERE id = 11",
            "DELETE FROM quiet WHERE id IN (12, 13)",
            "INSERT INTO quiet VALUES (-1, 'extra', 0, NULL, 0)",
            "UPDATE quiet SET t = CASE id WHEN 20 THEN 't21' ELSE 't20' END WHERE id IN (20, 21)",
            "INSERT INTO event VALUES ('2001-01-01', 'nobody wrote this', 1),"
                + " ('2001-01-01', 'nobody wrote this', 1)",
            "DELETE FROM event WHERE ctid = ANY (ARRAY(SELECT ctid FROM event"
                + " WHERE what = 'start' LIMIT 3))");

        RepairResult result = repair(ends).run(applier, ends.tables());

        assertThat(result.tables())
            .extracting(t -> t.table() + " -" + t.deleted() + " +" + t.written())
            .containsExactly("public.event -2 +3", "public.quiet -5 +6");
        assertThat(result.tables().get(1).rows())
            .extracting(Mismatch::toString)
            .containsExactlyInAnyOrder(
                "public.quiet (10) DIFFERENT",
                "public.quiet (11) DIFFERENT",
                "public.quiet (12) MISSING",
                "public.quiet (13) MISSING",
                "public.quiet (-1) EXTRA",
                "public.quiet (20) DIFFERENT",
                "public.quiet (21) DIFFERENT");
        assertThat(result.rows()).isEqualTo(12);
        assertThat(result.comparedTables()).isEqualTo(5);
        assertThat(Ends.query(ends.target(), WRITTEN)).isEqualTo(written);
        assertThat(validation(ends).run(applier, ends.tables()).mismatches()).isEmpty();
        assertThat(repair(ends).run(applier, ends.tables()).tables()).isEmpty();
        shop.stop();
        ends.catchUp(applier);
        assertThat(ends.differences()).isEmpty();
      }
    }
  }

  @Test
  void writesLargeValuesUniqueOnesIdentitiesAndWhatIsGenerated() throws Exception {
    try (Ends ends = Ends.of(16, 17)) {
      ends.onBoth(
          "CREATE TYPE mood AS ENUM ('sad', 'glad')",
          "CREATE TABLE odd (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text UNIQUE,"
              + " twice int GENERATED ALWAYS AS (id * 2) STORED, body bytea, moods mood[],"
              + " place regclass)",
          "CREATE TABLE \"No Columns\" ()");
      ends.onSource(
          "ALTER TABLE \"No Columns\" REPLICA IDENTITY FULL",
          "INSERT INTO \"No Columns\" DEFAULT VALUES",
          "INSERT INTO odd (name, body, moods, place) SELECT 'n' || i, CASE i WHEN 3 THEN"
              + " decode(repeat('00ff5c', 4000000), 'hex') ELSE '\\x00' END, '{sad,NULL}',"
              + " 'public.odd' FROM generate_series(1, 5) i");
      ends.copy(1, 1 << 20);
      try (Applier applier = ends.applier()) {
        ends.onTarget(
            "UPDATE odd SET name = 'other' WHERE id = 1",
            "UPDATE odd SET name = 'n1' WHERE id = 2",
            "UPDATE odd SET name = 'n2' WHERE id = 1",
            "UPDATE odd SET body = '\\x00' WHERE id = 3",
            "DELETE FROM odd WHERE id = 4",
            "INSERT INTO \"No Columns\" DEFAULT VALUES");

        RepairResult result = repair(ends).run(applier, ends.tables());

        assertThat(result.rows()).isEqualTo(5);
        assertThat(ends.differences()).isEmpty();
        assertThat(validation(ends).run(applier, ends.tables()).same()).isTrue();
      }
    }
  }

  @Test
  void neitherTriggersNorForeignKeysFireWhereTheRoleMaySilenceThem() throws Exception {
    try (Ends ends = Ends.withReplicaRole(16, 16)) {
      ends.onBoth(
          "CREATE TABLE parent (id int PRIMARY KEY, t text)",
          "CREATE TABLE child (id int PRIMARY KEY, parent int)");
      ends.onSource(
          "INSERT INTO parent SELECT i, 'p' FROM generate_series(1, 10) i",
          "INSERT INTO child SELECT i, i FROM generate_series(1, 10) i");
      ends.copy(1, 1 << 20);
      ends.onTarget(
          "ALTER TABLE child ADD FOREIGN KEY (parent) REFERENCES parent ON DELETE CASCADE",
          "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
              + " $$BEGIN RAISE 'fired'; END$$",
          "UPDATE parent SET t = 'q' WHERE id = 3",
          "CREATE TRIGGER refuse BEFORE INSERT OR UPDATE OR DELETE ON parent"
              + " FOR EACH ROW EXECUTE FUNCTION refuse()");
      try (Applier applier = ends.applier()) {
        assertThat(repair(ends).run(applier, ends.tables()).rows()).isEqualTo(1);
        assertThat(ends.differences()).isEmpty();
      }
    }
  }

  @Test
  void refusesMoreRowsThanItsLimitAndChangesNothing() throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      ends.onBoth("CREATE TABLE a (id int PRIMARY KEY, t text)");
      ends.onSource("INSERT INTO a SELECT i, 'x' FROM generate_series(1, 100) i");
      ends.copy(1, 1 << 20);
      try (Applier applier = ends.applier()) {
        ends.onTarget("UPDATE a SET t = 'y' WHERE id <= 10");
        assertThatThrownBy(
                () ->
                    Repair.between(ends.source(), ends.target(), "test")
                        .limit(9)
                        .build()
                        .run(applier, ends.tables()))
            .isInstanceOf(CloudDbException.class)
            .hasMessageContaining("public.a: 10")
            .hasMessageContaining("copy them again");
        assertThat(Ends.query(ends.target(), "SELECT count(*) FROM public.a WHERE t = 'y'"))
            .isEqualTo("10");
        // The applier goes on, and the same rows are repaired when that is allowed.
        ends.onSource("INSERT INTO a VALUES (0, 'new')");
        ends.catchUp(applier);
        assertThat(repair(ends).run(applier, ends.tables()).tables())
            .extracting(RepairedTable::written)
            .isEqualTo(List.of(10L));
        assertThat(ends.differences()).isEmpty();
      }
    }
  }
}
