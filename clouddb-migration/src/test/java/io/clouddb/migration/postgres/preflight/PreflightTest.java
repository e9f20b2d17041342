/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.clouddb.migration.postgres.catalog.CatalogQuery;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.catalog.TableSelection;
import io.clouddb.migration.postgres.schema.CatalogComparison;
import io.clouddb.migration.postgres.schema.SchemaTransfer;
import io.clouddb.migration.postgres.schema.TwoDatabases;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PreflightTest {
  private static final TableSelection ALL = TableSelection.all();
  private static final PreflightOptions OPTIONS = PreflightOptions.defaults();

  private TwoDatabases databases;

  @BeforeAll
  void start() {
    databases = new TwoDatabases();
  }

  @AfterAll
  void stop() {
    databases.close();
  }

  @ParameterizedTest
  @CsvSource({"14, 14", "14, 18", "18, 18"})
  void everythingThatIsCarriedIsNoError(int from, int to) throws SQLException {
    ConnectionDetails source = databases.database(from);
    ConnectionDetails target = databases.database(to);
    TwoDatabases.script(source, "everything.sql");
    TwoDatabases.execute(source, "DROP TABLE public.empty_key", "DROP TABLE public.no_columns");

    List<Finding> findings = Preflight.check(source, target, ALL, OPTIONS);

    assertThat(findings).filteredOn(f -> f.severity() == Severity.ERROR).isEmpty();
    assertThat(findings)
        .extracting(Finding::code, Finding::object)
        .contains(tuple("source.table-whole-row", "\"public\".\"whole_row\""));
    assertThat(names(source, "SELECT pubname FROM pg_publication")).isEmpty();
    assertThat(names(source, "SELECT slot_name FROM pg_replication_slots")).isEmpty();
    assertThat(names(target, "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'clouddb%'"))
        .isEmpty();
    assertThat(names(target, "SELECT extname FROM pg_extension")).containsExactly("plpgsql");
  }

  @Test
  void replicaRoleIsProbed() throws SQLException {
    ConnectionDetails source = databases.database(18);
    ConnectionDetails target = databases.database(18);
    TwoDatabases.execute(source, "CREATE TABLE t (id integer PRIMARY KEY)");

    Finding without = only(check(source, target), "target.replica-role");
    assertThat(without.severity()).isEqualTo(Severity.INFO);
    assertThat(without.message()).contains("may not set session_replication_role");
    assertThat(without.remedy())
        .contains("GRANT SET ON PARAMETER session_replication_role TO \"admin\"");

    ConnectionDetails superuser = databases.superuser(18, target);
    TwoDatabases.execute(superuser, "GRANT SET ON PARAMETER session_replication_role TO admin");
    try {
      assertThat(only(check(source, target), "target.replica-role").message())
          .contains("applied in replica role");
    } finally {
      TwoDatabases.execute(
          superuser, "REVOKE SET ON PARAMETER session_replication_role FROM admin");
    }
  }

  @Test
  void bothSidesThatCannotBeReachedAreFoundAtOnce() throws SQLException {
    ConnectionDetails real = databases.database(14);
    ConnectionDetails wrong =
        ConnectionDetails.postgresql(
                real.host(), real.port(), real.database(), "admin", SecretRef.literal("pa$$w0rd!"))
            .tls(real.tls())
            .build();
    ConnectionDetails nowhere =
        ConnectionDetails.postgresql(
                "127.0.0.1", 1, "shop", "admin", SecretRef.literal("pa$$w0rd!"))
            .tls(real.tls())
            .build();

    List<Finding> findings = check(wrong, nowhere);

    assertThat(findings)
        .extracting(Finding::code)
        .containsExactlyInAnyOrder("source.authentication", "target.unreachable");
    assertThat(findings).allMatch(finding -> finding.severity() == Severity.ERROR);
    assertThat(findings.toString()).doesNotContain("pa$$w0rd!");
  }

  @Test
  void missingDatabaseAndMissingPasswordAreToldApart() throws SQLException {
    ConnectionDetails real = databases.database(14);
    ConnectionDetails missing = real.toBuilder().database("no such database").build();
    ConnectionDetails unset =
        ConnectionDetails.postgresql(
                real.host(),
                real.port(),
                real.database(),
                "admin",
                SecretRef.environment("CLOUDDB_NO_SUCH_VARIABLE"))
            .tls(real.tls())
            .build();

    assertThat(check(missing, unset))
        .extracting(Finding::code)
        .containsExactlyInAnyOrder("source.database-missing", "target.password-missing");
  }

  @Test
  void sameDatabaseAndOlderTargetAreRefused() throws SQLException {
    ConnectionDetails newer = databases.database(18);
    ConnectionDetails older = databases.database(14);
    TwoDatabases.execute(newer, "CREATE TABLE t (id integer PRIMARY KEY)");

    ConnectionDetails otherName = newer.toBuilder().at("localhost", newer.port()).build();
    assertThat(errors(check(newer, otherName)))
        .extracting(Finding::code)
        .containsExactly("both.same-database");
    assertThat(errors(check(newer, older)))
        .extracting(Finding::code)
        .containsExactly("both.version-order");
  }

  @Test
  void everythingThatIsWrongIsFoundAtOnce() throws SQLException {
    try (TwoDatabases misconfigured =
        new TwoDatabases(
            Map.of("wal_level", "replica", "max_replication_slots", "1", "max_wal_senders", "1"))) {
      ConnectionDetails source = misconfigured.database(14);
      ConnectionDetails superuser = misconfigured.superuser(14, source);
      ConnectionDetails target = databases.database(18);
      TwoDatabases.execute(
          superuser,
          "CREATE EXTENSION old_snapshot SCHEMA public",
          "CREATE EXTENSION pageinspect SCHEMA public",
          "CREATE ROLE \"Somebody else\"",
          "CREATE TABLE foreign_one (id integer PRIMARY KEY)",
          "ALTER TABLE foreign_one OWNER TO \"Somebody else\"",
          "ALTER ROLE admin NOREPLICATION");
      TwoDatabases.execute(
          source,
          "CREATE TABLE without_key (a integer)",
          "CREATE TABLE deferrable_key (a integer PRIMARY KEY DEFERRABLE)",
          "CREATE TABLE parts (a integer) PARTITION BY LIST (a)",
          "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES IN (1)",
          "CREATE TABLE whole (a integer)",
          "ALTER TABLE whole REPLICA IDENTITY FULL");
      TwoDatabases.execute(
          databases.superuser(18, target),
          "CREATE TABLE in_the_way (id integer)",
          "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
          "ALTER SCHEMA public OWNER TO CURRENT_USER",
          "ALTER DATABASE " + quoted(target) + " OWNER TO CURRENT_USER");
      TwoDatabases.execute(
          superuser, "ALTER DATABASE " + quoted(source) + " OWNER TO CURRENT_USER");

      List<Finding> findings = check(source, target);

      assertThat(errors(findings))
          .extracting(finding -> finding.code() + " " + finding.object())
          .containsExactlyInAnyOrder(
              "source.wal-level wal_level",
              "source.replication-slots max_replication_slots",
              "source.wal-senders max_wal_senders",
              "source.publication " + source.database(),
              "source.table-owner \"public\".\"foreign_one\"",
              "source.table-without-key \"public\".\"without_key\"",
              "source.table-without-key \"public\".\"deferrable_key\"",
              "source.table-without-key \"public\".\"parts\"",
              "target.create-schema " + target.database(),
              "target.create-in-schema \"public\"",
              "target.not-empty " + target.database(),
              "target.extension-missing old_snapshot",
              "target.extension-refused pageinspect",
              "target.role-missing role Somebody else");
      assertThat(findings).allMatch(finding -> !finding.remedy().isBlank());
      assertThat(new HashSet<>(findings)).as("nothing twice").hasSameSizeAs(findings);
      assertThat(only(findings, "source.wal-level").remedy())
          .isEqualTo("Set wal_level=logical in postgresql.conf and restart the server.");
      assertThat(only(findings, "target.not-empty").message()).contains("in_the_way");
      assertThat(of(findings, "source.table-without-key"))
          .extracting(Finding::remedy)
          .allMatch(remedy -> remedy.contains("REPLICA IDENTITY FULL"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "rds_superuser, rds.logical_replication=1, GRANT rds_replication TO",
    "azure_pg_admin, server parameter wal_level=logical, REPLICATION",
    "cloudsqlsuperuser, cloudsql.logical_decoding=on, REPLICATION"
  })
  void remediesAreInTheWordsOfThePlace(String role, String setting, String grant)
      throws SQLException {
    try (TwoDatabases servers = new TwoDatabases(Map.of("wal_level", "replica"))) {
      ConnectionDetails source = servers.database(14);
      TwoDatabases.execute(
          servers.superuser(14, source),
          "CREATE ROLE " + role,
          "ALTER ROLE admin NOREPLICATION",
          "CREATE TABLE t (id integer PRIMARY KEY)",
          "ALTER TABLE t OWNER TO admin");

      List<Finding> findings = check(source, databases.database(14));

      assertThat(only(findings, "source.wal-level").remedy()).contains(setting);
      assertThat(only(findings, "source.replication").remedy()).contains(grant);
    }
  }

  @Test
  void slotThatWaitsForWritersIsAWarningThatNamesThem() throws SQLException {
    ConnectionDetails source = databases.database(18);
    ConnectionDetails target = databases.database(18);
    TwoDatabases.execute(source, "CREATE TABLE t (id integer PRIMARY KEY)");
    try (Connection writer = source.connect();
        Statement statement = writer.createStatement()) {
      writer.setAutoCommit(false);
      statement.execute("INSERT INTO t VALUES (1)");

      List<Finding> findings =
          Preflight.check(source, target, ALL, OPTIONS.withPatience(Duration.ofSeconds(1)));

      assertThat(errors(findings)).isEmpty();
      assertThat(only(findings, "source.long-transactions").message()).contains("Process ");
      writer.rollback();
    }
  }

  @Test
  void identityOfAPartitionsOwnIsRefusedWhereItCannotBe() throws SQLException {
    ConnectionDetails source = databases.database(14);
    TwoDatabases.execute(
        source,
        "CREATE TABLE p (id integer PRIMARY KEY) PARTITION BY RANGE (id)",
        "CREATE TABLE p_1 (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY)",
        "ALTER TABLE p ATTACH PARTITION p_1 DEFAULT");

    assertThat(errors(check(source, databases.database(18))))
        .extracting(finding -> finding.code() + " " + finding.object())
        .containsExactly("source.partition-identity public.p_1.id");
    assertThat(errors(check(source, databases.database(14)))).isEmpty();
  }

  @Test
  void whatMayStayBehindIsAWarning() throws SQLException {
    ConnectionDetails source = databases.database(18);
    ConnectionDetails target = databases.database(18);
    ConnectionDetails superuser = databases.superuser(18, source);
    TwoDatabases.execute(
        source,
        "CREATE TABLE t (id integer PRIMARY KEY)",
        "CREATE AGGREGATE total(integer) (SFUNC = int4pl, STYPE = integer)",
        "CREATE VIEW totals AS SELECT total(id) FROM t",
        "CREATE UNLOGGED TABLE cache (id integer PRIMARY KEY)",
        "CREATE FUNCTION leaky() RETURNS integer LANGUAGE sql AS 'SELECT 1'");
    TwoDatabases.execute(superuser, "ALTER FUNCTION leaky() LEAKPROOF");
    String[] left = {
      "aggregate public.total(integer)",
      "view \"public\".\"totals\"",
      "table \"public\".\"cache\"",
      "routine public.leaky()"
    };

    assertThat(errors(check(source, target)))
        .extracting(Finding::object)
        .containsExactlyInAnyOrder(left[0], left[1], left[3]);
    assertThat(only(check(source, target), "target.refused").message())
        .contains("only superuser can define a leakproof function");
    assertThat(only(check(source, target), "source.unlogged").remedy()).contains(left[2]);
    List<Finding> accepted = Preflight.check(source, target, ALL, OPTIONS.leavingBehind(left));
    assertThat(errors(accepted)).isEmpty();
    assertThat(of(accepted, "source.not-carried")).extracting(Finding::object).contains(left[0]);
    assertThat(of(accepted, "source.left-behind"))
        .extracting(Finding::object)
        .containsExactlyInAnyOrder(left[1], left[2], left[3]);
    assertThat(of(accepted, "source.unlogged")).isEmpty();

    SchemaTransfer transfer = SchemaTransfer.of(source, target, ALL).leavingBehind(Set.of(left));
    transfer.beforeData();
    transfer.afterData();
    transfer.finish();
    assertThat(transfer.tables()).containsExactly(new TableName("public", "t"));
    assertThat(CatalogComparison.compare(source, target, ALL, Set.of(left))).isEmpty();
  }

  @Test
  void eachRoleThatTheTargetLacksIsNamedWithWhatNeedsIt() throws SQLException {
    try (TwoDatabases others = new TwoDatabases()) {
      ConnectionDetails source = databases.database(16);
      ConnectionDetails target = others.database(16);
      ConnectionDetails superuser = databases.superuser(16, source);
      ConnectionDetails administrator = others.superuser(16, target);
      TwoDatabases.execute(
          superuser,
          "DROP ROLE IF EXISTS boss, clerk",
          "CREATE ROLE boss",
          "CREATE ROLE clerk",
          "GRANT boss TO admin");
      TwoDatabases.execute(
          source,
          "CREATE TABLE t (id integer PRIMARY KEY)",
          "GRANT SELECT ON t TO clerk",
          "CREATE POLICY few ON t TO clerk USING (id > 1)",
          "CREATE TABLE u (id integer PRIMARY KEY)",
          "GRANT CREATE ON SCHEMA public TO boss",
          "ALTER TABLE u OWNER TO boss",
          "REVOKE CREATE ON SCHEMA public FROM boss");

      List<Finding> missing = of(check(source, target), "target.role-missing");
      assertThat(missing)
          .extracting(Finding::object)
          .containsExactlyInAnyOrder("role boss", "role clerk");
      assertThat(missing.toString())
          .contains("owner TABLE public.u", "privileges TABLE public.t", "policy few ON")
          .contains("CREATE ROLE \"clerk\"", "GRANT \"boss\" TO \"admin\"");

      TwoDatabases.execute(administrator, "CREATE ROLE boss", "CREATE ROLE clerk");
      assertThat(only(errors(check(source, target)), "target.role-membership").object())
          .isEqualTo("role boss");

      TwoDatabases.execute(administrator, "GRANT boss TO admin WITH INHERIT TRUE, SET FALSE");
      assertThat(only(errors(check(source, target)), "target.role-membership").remedy())
          .contains("SET TRUE");

      TwoDatabases.execute(administrator, "GRANT boss TO admin WITH INHERIT TRUE, SET TRUE");
      assertThat(errors(check(source, target))).isEmpty();
      TwoDatabases.execute(administrator, "DROP ROLE boss, clerk");

      String[] left = {"role boss", "role clerk"};
      List<Finding> accepted = Preflight.check(source, target, ALL, OPTIONS.leavingBehind(left));
      assertThat(errors(accepted)).isEmpty();
      assertThat(of(accepted, "source.role-left-behind")).hasSize(2);
      assertThat(only(accepted, "source.left-behind").object())
          .isEqualTo("policy few ON \"public\".\"t\"");
      SchemaTransfer transfer = SchemaTransfer.of(source, target, ALL).leavingBehind(Set.of(left));
      transfer.beforeData();
      transfer.afterData();
      transfer.finish();
      assertThat(CatalogComparison.compare(source, target, ALL, Set.of(left))).isEmpty();
      assertThat(names(target, "SELECT relowner::regrole::text FROM pg_class WHERE relname = 'u'"))
          .containsExactly("admin");
      TwoDatabases.execute(source, "DROP TABLE t, u");
      TwoDatabases.execute(superuser, "DROP ROLE boss, clerk");
    }
  }

  @Test
  void rowSecurityThatWouldHideRowsFromTheMigrationIsRefused() throws SQLException {
    ConnectionDetails source = databases.database(15);
    ConnectionDetails target = databases.database(15);
    ConnectionDetails superuser = databases.superuser(15, source);
    TwoDatabases.execute(
        source,
        "CREATE TABLE t (id integer PRIMARY KEY)",
        "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY few ON t USING (id > 1)");
    assertThat(errors(check(source, target))).isEmpty();

    TwoDatabases.execute(source, "ALTER TABLE t FORCE ROW LEVEL SECURITY");
    assertThat(errors(check(source, target)))
        .extracting(finding -> finding.code() + " " + finding.object())
        .containsExactlyInAnyOrder(
            "source.row-security-forced \"public\".\"t\"",
            "target.row-security-forced \"public\".\"t\"");

    TwoDatabases.execute(superuser, "ALTER ROLE admin BYPASSRLS");
    try {
      assertThat(errors(check(source, target))).isEmpty();
    } finally {
      TwoDatabases.execute(superuser, "ALTER ROLE admin NOBYPASSRLS");
    }
  }

  @Test
  void sequencesThatCannotBeReadAreNamed() throws SQLException {
    ConnectionDetails source = databases.database(15);
    ConnectionDetails target = databases.database(15);
    TwoDatabases.execute(source, "CREATE TABLE t (id integer PRIMARY KEY)");
    TwoDatabases.execute(databases.superuser(15, source), "CREATE SEQUENCE counter");

    assertThat(only(check(source, target), "source.sequence-unreadable").object())
        .isEqualTo("\"public\".\"counter\"");
  }

  @Test
  void aServerThatForbidsItsOwnOutputPluginIsToldApart() throws SQLException {
    Map<String, String> settings =
        Map.of("wal_level", "logical", "output_plugin_libraries", "test_decoding");
    try (TwoDatabases strict = new TwoDatabases(settings)) {
      ConnectionDetails source = strict.database(15);
      TwoDatabases.execute(source, "CREATE TABLE t (id integer PRIMARY KEY)");

      List<Finding> errors = errors(check(source, databases.database(15)));

      assertThat(errors).extracting(Finding::code).containsExactly("source.output-plugin");
      assertThat(errors.get(0).message()).contains("pgoutput");
      assertThat(errors.get(0).remedy()).contains("output_plugin_libraries");
    }
  }

  private static List<Finding> check(ConnectionDetails source, ConnectionDetails target) {
    return Preflight.check(source, target, ALL, OPTIONS);
  }

  private static List<Finding> errors(List<Finding> findings) {
    return findings.stream().filter(f -> f.severity() == Severity.ERROR).toList();
  }

  private static List<Finding> of(List<Finding> findings, String code) {
    return findings.stream().filter(finding -> finding.code().equals(code)).toList();
  }

  private static Finding only(List<Finding> findings, String code) {
    List<Finding> found = of(findings, code);
    assertThat(found).as(code + " in " + findings).hasSize(1);
    return found.get(0);
  }

  private static String quoted(ConnectionDetails database) {
    return "\"" + database.database() + "\"";
  }

  private static List<String> names(ConnectionDetails database, String query) throws SQLException {
    try (Connection connection = database.connect()) {
      return CatalogQuery.list(connection, query, row -> row.getString(1));
    }
  }
}
