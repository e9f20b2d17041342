/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.migration.postgres.catalog.Catalog;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.catalog.TableSelection;
import io.clouddb.migration.postgres.catalog.TrustedCode;
import io.clouddb.migration.postgres.testing.Ends;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnloggedTablesTest {
  private static final String[] SCHEMA = {
    "CREATE TYPE mood AS ENUM ('sad', 'glad')",
    "CREATE UNLOGGED TABLE \"The Cache\" (id int PRIMARY KEY, v text, m mood, x xml,"
        + " g int GENERATED ALWAYS AS (id + 1) STORED)",
    "CREATE UNLOGGED TABLE hit (cache int, n numeric)",
    "CREATE UNLOGGED TABLE empty_one (a int)",
    "CREATE TABLE kept (id int PRIMARY KEY)",
    "CREATE TABLE part (id int) PARTITION BY LIST (id)",
    "CREATE UNLOGGED TABLE part_1 PARTITION OF part FOR VALUES IN (1)"
  };

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void areCopiedAsAWholeAndAgainAndBack(boolean replicaRole) throws Exception {
    try (Ends ends = replicaRole ? Ends.withReplicaRole(15, 16) : Ends.of(15, 16)) {
      ends.onBoth(SCHEMA);
      ends.onSource(
          "INSERT INTO \"The Cache\" SELECT i, repeat('ü', i), 'glad', '<a/>'"
              + " FROM generate_series(1, 3000) i",
          "INSERT INTO hit VALUES (1, 'NaN'), (1, 'NaN'), (NULL, 1.00)",
          "INSERT INTO part VALUES (1)",
          "INSERT INTO kept VALUES (1)");
      if (replicaRole) {
        ends.onTarget("ALTER TABLE hit ADD FOREIGN KEY (cache) REFERENCES \"The Cache\"");
      }
      ends.onTarget("INSERT INTO \"The Cache\" (id) VALUES (7), (9999)");
      List<Table> tables = unlogged(ends);
      assertThat(tables)
          .extracting(table -> table.name().name())
          .containsExactlyInAnyOrder("The Cache", "hit", "empty_one", "part_1");

      assertThat(
              UnloggedTables.copy(
                  ends.source(), ends.target(), tables, "test", TrustedCode.of(Set.of())))
          .isEqualTo(3004);
      assertThat(
              UnloggedTables.copy(
                  ends.source(), ends.target(), tables, "test", TrustedCode.of(Set.of())))
          .isEqualTo(3004);
      assertThat(ends.differences()).containsOnlyKeys(new TableName("public", "kept"));

      ends.onTarget("UPDATE \"The Cache\" SET v = 'new' WHERE id = 5", "DELETE FROM hit");
      UnloggedTables.copy(ends.target(), ends.source(), tables, "test", TrustedCode.of(Set.of()));
      assertThat(Ends.query(ends.source(), "SELECT v FROM public.\"The Cache\" WHERE id = 5"))
          .isEqualTo("new");
      assertThat(Ends.query(ends.source(), "SELECT count(*) FROM public.hit")).isEqualTo("0");
    }
  }

  @Test
  void aRowThatDoesNotArriveAsItIsIsNamed() throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      ends.onBoth("CREATE UNLOGGED TABLE t (id int PRIMARY KEY, v text)");
      ends.onTarget(
          "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS"
              + " 'BEGIN IF NEW.id = 2 THEN NEW.v := ''spoiled''; END IF; RETURN NEW; END'",
          "CREATE TRIGGER spoil BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION spoil()");
      ends.onSource("INSERT INTO t VALUES (1, 'a'), (2, 'b')");

      assertThatThrownBy(
              () ->
                  UnloggedTables.copy(
                      ends.source(),
                      ends.target(),
                      unlogged(ends),
                      "test",
                      TrustedCode.of(Set.of())))
          .isInstanceOfSatisfying(
              CloudDbException.class, e -> assertThat(e.category()).isEqualTo(ErrorCategory.DATA))
          .hasMessageContaining("1 differ")
          .hasMessageContaining("public.t")
          .hasMessageNotContaining("spoiled");
    }
  }

  private static List<Table> unlogged(Ends ends) throws SQLException {
    try (Connection connection = ends.source().connect()) {
      return Catalog.readUnlogged(connection, TableSelection.all());
    }
  }
}
