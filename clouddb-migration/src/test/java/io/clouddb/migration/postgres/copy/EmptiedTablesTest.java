/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.CloudDbException;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.catalog.TableOwners;
import io.clouddb.migration.postgres.stream.PinnedSession;
import io.clouddb.migration.postgres.testing.Ends;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tables of two owners, with triggers that note as whom they run. */
class EmptiedTablesTest {
  private static final List<TableName> BOTH =
      List.of(new TableName("one", "t"), new TableName("two", "t"));

  private Ends ends;

  @BeforeEach
  void makeTables() throws Exception {
    ends = Ends.withReplicaRole(16, 16);
    ends.onTarget(
        "CREATE TABLE public.ran (of text, who text)", "GRANT ALL ON public.ran TO PUBLIC");
    for (String schema : List.of("one", "two")) {
      ends.asSuperuser(
          ends.targetServer(),
          "CREATE ROLE " + owner(schema),
          "GRANT " + owner(schema) + " TO " + ends.target().user(),
          "CREATE SCHEMA " + schema,
          "GRANT ALL ON SCHEMA " + schema + " TO PUBLIC",
          "SET ROLE " + owner(schema),
          ("CREATE TABLE #.t (id int PRIMARY KEY); INSERT INTO #.t VALUES (1);"
                  + " CREATE FUNCTION #.fire() RETURNS trigger LANGUAGE plpgsql AS"
                  + " 'BEGIN INSERT INTO public.ran VALUES (''#'', current_user); RETURN NULL; END';"
                  + " CREATE TRIGGER x AFTER TRUNCATE OR DELETE ON #.t"
                  + " EXECUTE FUNCTION #.fire()")
              .replace("#", schema));
    }
  }

  @AfterEach
  void dropRoles() throws Exception {
    String both = owner("one") + ", " + owner("two");
    ends.asSuperuser(
        ends.targetServer(), "DROP OWNED BY " + both + " CASCADE", "DROP ROLE " + both);
    ends.close();
  }

  private String owner(String schema) {
    return ends.target().user() + "_" + schema;
  }

  private void refer() throws Exception {
    ends.asSuperuser(
        ends.targetServer(), "ALTER TABLE one.t ADD FOREIGN KEY (id) REFERENCES two.t");
  }

  private void empty(String role) throws Exception {
    try (Connection target = PinnedSession.open(ends.target(), "test");
        Statement statement = target.createStatement()) {
      statement.execute("SET session_replication_role = " + role);
      EmptiedTables.empty(target, BOTH, TableOwners.read(target));
      assertThat(target.getAutoCommit()).isTrue();
    }
  }

  private String rows() throws Exception {
    return Ends.query(
        ends.target(),
        "SELECT (SELECT count(*) FROM one.t) + (SELECT count(*) FROM two.t) AS rows");
  }

  private String ran() throws Exception {
    return Ends.query(
        ends.target(), "SELECT of || ' ' || who COLLATE \"C\" FROM public.ran ORDER BY 1");
  }

  private String eachAsItsOwner() {
    return "one " + owner("one") + "\ntwo " + owner("two");
  }

  @Test
  void eachTableIsEmptiedAsItsOwner() throws Exception {
    empty("origin");
    assertThat(rows()).isEqualTo("0");
    assertThat(ran()).isEqualTo(eachAsItsOwner());
  }

  @Test
  void whereForeignKeysDoNotFireRowsAreDeletedAsTheirOwners() throws Exception {
    refer();
    for (String schema : List.of("one", "two")) {
      ends.asSuperuser(ends.targetServer(), "ALTER TABLE " + schema + ".t ENABLE ALWAYS TRIGGER x");
    }
    empty("replica");
    assertThat(rows()).isEqualTo("0");
    assertThat(ran()).isEqualTo(eachAsItsOwner());
  }

  @Test
  void whatAForeignKeyJoinsIsEmptiedTogetherUnlessATriggerWouldRun() throws Exception {
    refer();
    assertThatThrownBy(() -> empty("origin"))
        .isInstanceOf(CloudDbException.class)
        .hasMessageContaining("x on \"one\".\"t\"; x on \"two\".\"t\"");
    assertThat(rows()).isEqualTo("2");
    assertThat(ran()).isEmpty();

    for (String schema : List.of("one", "two")) {
      ends.asSuperuser(ends.targetServer(), "ALTER TABLE " + schema + ".t DISABLE TRIGGER x");
    }
    empty("origin");
    assertThat(rows()).isEqualTo("0");
    assertThat(ran()).isEmpty();
  }
}
