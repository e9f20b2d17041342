/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.postgres.catalog.CatalogSession;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.catalog.TableSelection;
import io.clouddb.migration.postgres.testing.Ends;
import java.sql.Connection;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Whoever may make an object in the source may not run a statement on the target by what the object
 * is called. The servers are of two versions, which write the same definition in other words, so
 * that each definition is made once more to be compared.
 */
class InjectedDefinitionTest {
  private static final String ATTACK = ";COMMIT;CREATE TABLE public.pwned ();--";

  private static final String QUERY = " AS SELECT id, v FROM plain WHERE id > 1";
  private static final String POLICY =
      " USING (xmlserialize(CONTENT x AS text) = '')"
          + " WITH CHECK (xmlserialize(CONTENT x AS text) <> '')";

  private static String attack(String beginning) {
    return TableName.quote(beginning + ATTACK);
  }

  @Test
  void runsNothingThatANameSays() throws Exception {
    try (Ends ends = Ends.of(14, 18)) {
      ends.onSource(
          "CREATE TABLE plain (id int PRIMARY KEY, v text, x xml)",
          "CREATE VIEW " + attack("v AS\nSELECT 1 a") + QUERY,
          "CREATE MATERIALIZED VIEW " + attack("m AS\nSELECT 1 a") + QUERY,
          "CREATE POLICY " + attack("p\nUSING (true)") + " ON plain" + POLICY,
          "CREATE POLICY " + attack("p\nWITH CHECK (true)") + " ON plain" + POLICY,
          "CREATE FUNCTION "
              + attack("f AS\nSELECT 1")
              + "() RETURNS bigint LANGUAGE sql"
              + " BEGIN ATOMIC SELECT count(*) FROM plain WHERE id > 1; END",
          "CREATE COLLATION "
              + attack("c (locale = 'C')")
              + " (provider = icu, locale = 'de@collation=phonebook')",
          "CREATE TABLE t (x xml)",
          "CREATE POLICY p ON t" + POLICY,
          "ALTER TABLE t RENAME TO " + attack("t\nUSING (true)"),
          "CREATE TABLE c (x xml)",
          "CREATE POLICY p ON c" + POLICY,
          "ALTER TABLE c RENAME x TO " + attack("x\nUSING (true)"),
          "CREATE VIEW w AS SELECT id AS " + attack("a AS\nSELECT 1") + ", v FROM plain");
      try (Connection source = CatalogSession.open(ends.source());
          Connection target = CatalogSession.open(ends.target())) {
        SchemaSurvey survey = SchemaSurvey.of(source, target, TableSelection.all(), Set.of());
        assertThat(survey.rehearse(target, Set.of())).isEmpty();
        assertThat(survey.inTheWay(target)).isEmpty();
      }
      assertThat(Ends.query(ends.target(), "SELECT to_regclass('public.pwned') IS NULL"))
          .isEqualTo("t");
    }
  }
}
