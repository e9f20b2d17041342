/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.edgecases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.migration.TwoDatabases;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The application has a role of its own, which owns nothing, as it should be; the tables belong to
 * a third one, under row security. The migration's role is a member of the owner.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OwnersAndPrivilegesTest {
  private static final String[] ROLES = {"CREATE ROLE keeper", "GRANT keeper TO %s"};

  private static final List<String> SCHEMA =
      List.of(
          "CREATE SCHEMA app",
          "GRANT USAGE, CREATE ON SCHEMA app TO keeper",
          "GRANT USAGE ON SCHEMA app TO shop_app",
          "CREATE TABLE app.account (id int PRIMARY KEY, owner text DEFAULT CURRENT_USER, n int)",
          "CREATE TABLE app.line (id serial PRIMARY KEY, account int REFERENCES app.account)",
          "CREATE TABLE app.secret (id int PRIMARY KEY, name text, hidden text)",
          "CREATE FUNCTION app.add(i int) RETURNS void LANGUAGE sql SECURITY DEFINER"
              + " SET search_path = app AS 'INSERT INTO secret VALUES (i, ''by'', ''definer'')'",
          "REVOKE EXECUTE ON FUNCTION app.add(int) FROM PUBLIC",
          "CREATE VIEW app.names AS SELECT id, name FROM app.secret",
          "ALTER TABLE app.account ENABLE ROW LEVEL SECURITY",
          "CREATE POLICY own ON app.account TO shop_app USING (owner = CURRENT_USER)",
          "INSERT INTO app.account VALUES (0, 'somebody else', 1)",
          "ALTER TABLE app.account OWNER TO keeper",
          "ALTER TABLE app.line OWNER TO keeper",
          "ALTER TABLE app.secret OWNER TO keeper",
          "ALTER FUNCTION app.add(int) OWNER TO keeper",
          "ALTER VIEW app.names OWNER TO keeper",
          "ALTER SCHEMA app OWNER TO keeper",
          "GRANT SELECT, INSERT, UPDATE ON app.account TO shop_app",
          "GRANT SELECT, INSERT ON app.line TO shop_app",
          "GRANT USAGE ON SEQUENCE app.line_id_seq TO shop_app",
          "GRANT SELECT (id) ON app.secret TO shop_app",
          "GRANT SELECT ON app.names TO shop_app",
          "GRANT EXECUTE ON FUNCTION app.add(int) TO shop_app",
          "ALTER DEFAULT PRIVILEGES FOR ROLE keeper IN SCHEMA app GRANT SELECT ON TABLES TO shop_app");

  private static final List<String> ROUND =
      List.of(
          "INSERT INTO app.account (id, n) VALUES ({n}, {n})",
          "UPDATE app.account SET n = -n",
          "INSERT INTO app.line (account) VALUES ({n})",
          "SELECT app.add({n})",
          "SELECT id FROM app.secret",
          "SELECT count(name) FROM app.names");

  private LiveCase live;

  @BeforeAll
  void migrate(@TempDir Path folder) throws Exception {
    live = LiveCase.migrateAs("shop_app", ROLES, 15, 18, folder, SCHEMA, ROUND);
  }

  @AfterAll
  void stop() {
    live.close();
  }

  @Test
  void theApplicationGoesOnByItsPrivilegesTheMomentItIsSwitched() throws SQLException {
    live.assertHolds("app.account", "app.line", "app.secret");
  }

  @Test
  void ownersPrivilegesAndPoliciesAreAsTheyWere() throws SQLException {
    live.assertSame(
        "SELECT string_agg(oid::regclass || ' ' || relowner::regrole || ' ' || relrowsecurity,"
            + " ',' ORDER BY oid::regclass::text) FROM pg_class"
            + " WHERE relnamespace = 'app'::regnamespace");
    live.assertSame(
        "SELECT string_agg(a::text, ',' ORDER BY a::text) FROM (SELECT unnest(relacl) FROM pg_class"
            + " WHERE relnamespace = 'app'::regnamespace UNION ALL SELECT unnest(proacl)"
            + " FROM pg_proc WHERE pronamespace = 'app'::regnamespace UNION ALL"
            + " SELECT unnest(attacl) FROM pg_attribute WHERE attrelid = 'app.secret'::regclass"
            + " UNION ALL SELECT unnest(defaclacl) FROM pg_default_acl) AS x(a)");
    assertThat(
            TwoDatabases.ask(
                live.target(), "SELECT nspowner::regrole FROM pg_namespace WHERE nspname = 'app'"))
        .isEqualTo("keeper");
  }

  @Test
  void whatTheApplicationMayNotItMayNotOnTheTargetEither() throws SQLException {
    assertThatThrownBy(
            () -> TwoDatabases.run(live.targetApplication(), "SELECT hidden FROM app.secret"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("permission denied");
    assertThat(
            TwoDatabases.ask(
                live.targetApplication(), "SELECT count(*) FROM app.account WHERE id = 0"))
        .isEqualTo("0");
  }
}
