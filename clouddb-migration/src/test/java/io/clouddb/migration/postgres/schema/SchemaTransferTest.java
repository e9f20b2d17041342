/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.migration.postgres.catalog.CatalogQuery;
import io.clouddb.migration.postgres.catalog.CatalogSession;
import io.clouddb.migration.postgres.catalog.TableSelection;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SchemaTransferTest {
  private static final TableSelection ALL = TableSelection.all();

  private TwoDatabases databases;

  @BeforeAll
  void start() {
    databases = new TwoDatabases();
  }

  @AfterAll
  void stop() {
    databases.close();
  }

  @Tag("slow")
  @ParameterizedTest
  @CsvSource({"14, 14", "14, 16", "15, 17", "17, 17", "18, 18"})
  void carriesEverythingBetweenOtherVersions(int from, int to) throws SQLException {
    carriesEverything(from, to, "everything.sql");
  }

  @ParameterizedTest
  @CsvSource({"14, 18, everything.sql", "16, 18, everything.sql", "18, 18, everything-18.sql"})
  void carriesEverything(int from, int to, String script) throws SQLException {
    ConnectionDetails source = databases.database(from);
    ConnectionDetails target = databases.database(to);
    TwoDatabases.script(source, script);

    transfer(SchemaTransfer.of(source, target, ALL), target);

    assertThat(CatalogComparison.compare(source, target, ALL)).isEmpty();
    if (from == to) {
      assertThat(RawCatalogs.read(target))
          .containsExactlyInAnyOrderElementsOf(RawCatalogs.read(source));
    }
    List<String> again = Collections.synchronizedList(new ArrayList<>());
    transfer(
        SchemaTransfer.of(source, target, ALL)
            .withProgress((phase, object, done, total) -> again.add(object)),
        target);
    assertThat(again).as("a second run finds everything made").isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"14, 17", "15, 16", "16, 18"})
  void isNoDifferenceWhenAServerSaysItInOtherWords(int from, int to) throws SQLException {
    ConnectionDetails source = databases.database(from);
    ConnectionDetails target = databases.database(to);
    TwoDatabases.script(source, "wordings.sql");

    transfer(SchemaTransfer.of(source, target, ALL), target);

    assertThat(CatalogComparison.compare(source, target, ALL)).isEmpty();
  }

  @Tag("slow")
  @Test
  void goesOnWhereItWasCutOff() throws SQLException {
    ConnectionDetails source = databases.database(18);
    ConnectionDetails target = databases.database(18);
    TwoDatabases.script(source, "everything.sql");
    AtomicInteger made = new AtomicInteger();

    int runs = 0;
    for (boolean complete = false; !complete; runs++) {
      int limit = made.get() + 15;
      SchemaTransfer transfer =
          SchemaTransfer.of(source, target, ALL)
              .withProgress(
                  (phase, object, done, total) -> {
                    if (made.incrementAndGet() > limit) {
                      throw new CutOffException();
                    }
                  });
      try {
        transfer(transfer, target);
        complete = true;
      } catch (CutOffException e) {
        assertThat(made.get()).isGreaterThan(limit);
      }
    }

    assertThat(runs).isGreaterThan(10);
    assertThat(CatalogComparison.compare(source, target, ALL)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {14, 18})
  void foreignKeysAreValidatedLater(int version) throws SQLException {
    ConnectionDetails source = databases.database(version);
    ConnectionDetails target = databases.database(version);
    TwoDatabases.script(source, "everything.sql");
    SchemaTransfer transfer = SchemaTransfer.of(source, target, ALL);
    transfer.beforeData();
    transfer.afterData();

    transfer.addForeignKeys(false);

    String notValid =
        "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND conparentid = 0"
            + " AND NOT convalidated";
    assertThat(number(source, notValid)).isEqualTo(1);
    assertThat(number(target, notValid)).isGreaterThan(6);
    assertThatThrownBy(
            () ->
                TwoDatabases.execute(target, "INSERT INTO sales.bucket VALUES (1, now(), 'eu', 7)"))
        .as("new rows are checked, in partitions too")
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("foreign key");
    SchemaTransfer resumed = SchemaTransfer.of(source, target, ALL);
    assertThat(resumed.standing(true)).isNotEmpty().allMatch(StandingObject::planned);
    resumed.addForeignKeys(false);
    resumed.validateForeignKeys();
    resumed.finish();
    TwoDatabases.makeTriggers(resumed, target);
    assertThat(number(target, notValid)).isEqualTo(1);
    assertThat(CatalogComparison.compare(source, target, ALL)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {14, 18})
  void whatSomebodyElseMadeIsToldFromWhatIsMade(int version) throws SQLException {
    ConnectionDetails source = databases.database(version);
    ConnectionDetails target = databases.database(version);
    TwoDatabases.script(source, "everything.sql");
    SchemaTransfer transfer = SchemaTransfer.of(source, target, ALL);
    transfer(transfer, target);
    assertThat(transfer.standing(true)).isNotEmpty().allMatch(StandingObject::planned);

    TwoDatabases.execute(
        target,
        "ALTER DATABASE \"" + target.database() + "\" SET quote_all_identifiers = on",
        "CREATE TRIGGER mine AFTER UPDATE ON public.t1 FOR EACH ROW EXECUTE FUNCTION sales.nothing()",
        "ALTER TABLE public.t1 DISABLE TRIGGER mine",
        "CREATE RULE mine AS ON DELETE TO public.t1 DO INSTEAD NOTHING",
        "ALTER TABLE public.t1 ADD CONSTRAINT mine FOREIGN KEY (id) REFERENCES public.t2");

    assertThat(transfer.standing(true).stream().filter(object -> !object.planned()))
        .extracting(StandingObject::name)
        .containsExactlyInAnyOrder(
            "trigger \"mine\" ON \"public\".\"t1\"",
            "rule \"mine\" ON \"public\".\"t1\"",
            "foreign key mine ON \"public\".\"t1\"");
    List<String> definitions = new ArrayList<>();
    for (StandingObject object : transfer.standing(true)) {
      TwoDatabases.execute(target, object.drop());
      if (!object.planned()) {
        definitions.add(object.definition());
      }
    }
    assertThat(transfer.standing(true)).isEmpty();
    transfer.readAgain();
    PreparedObjects prepared = transfer.prepareTakeover(true);
    try (Connection connection = CatalogSession.open(target)) {
      prepared.make(connection);
    }
    assertThat(transfer.standing(true)).isNotEmpty();
    try (Connection connection = target.connect()) {
      prepared.unmake(connection);
    }
    assertThat(transfer.standing(true)).isEmpty();
    transfer.readAgain();
    transfer(transfer, target);
    assertThat(CatalogComparison.compare(source, target, ALL)).isEmpty();
    TwoDatabases.execute(target, definitions.toArray(String[]::new));
    assertThat(
            names(
                target,
                "SELECT tgenabled::text FROM pg_trigger WHERE tgname = 'mine'"
                    + " UNION ALL SELECT conname FROM pg_constraint WHERE conname = 'mine'"
                    + " UNION ALL SELECT rulename FROM pg_rules WHERE rulename = 'mine'"))
        .containsExactlyInAnyOrder("D", "mine", "mine");
  }

  @Test
  void rowThatViolatesForeignKeyNamesTheKeyAndNotTheRow() throws SQLException {
    ConnectionDetails source = databases.database(14);
    ConnectionDetails target = databases.database(14);
    TwoDatabases.execute(
        source,
        "CREATE TABLE parent (id text PRIMARY KEY)",
        "CREATE TABLE child (id text PRIMARY KEY, parent text REFERENCES parent)");
    SchemaTransfer transfer = SchemaTransfer.of(source, target, ALL);
    transfer.beforeData();
    transfer.afterData();
    TwoDatabases.execute(target, "INSERT INTO child VALUES ('c', 'secret of a row')");

    assertThatThrownBy(() -> transfer.addForeignKeys(true))
        .isInstanceOfSatisfying(
            CloudDbException.class, e -> assertThat(e.category()).isEqualTo(ErrorCategory.DATA))
        .hasMessageContaining("child_parent_fkey")
        .hasMessageNotContaining("secret");
  }

  @Test
  void duplicateKeyNamesTheKeyAndNotTheRow() throws SQLException {
    ConnectionDetails source = databases.database(14);
    ConnectionDetails target = databases.database(14);
    TwoDatabases.execute(source, "CREATE TABLE thing (id text PRIMARY KEY)");
    SchemaTransfer transfer = SchemaTransfer.of(source, target, ALL);
    transfer.beforeData();
    TwoDatabases.execute(target, "INSERT INTO thing VALUES ('secret'), ('secret')");

    assertThatThrownBy(transfer::afterData)
        .isInstanceOf(CloudDbException.class)
        .hasMessageContaining("thing_pkey")
        .hasMessageNotContaining("secret");
  }

  @Test
  void selectedTableBringsWhatItNeedsAndNoMore() throws SQLException {
    ConnectionDetails source = databases.database(18);
    ConnectionDetails target = databases.database(18);
    TwoDatabases.script(source, "everything.sql");
    TableSelection selection = TableSelection.of("select.table", "public.needs*", "sales.*");

    transfer(SchemaTransfer.of(source, target, selection), target);

    assertThat(CatalogComparison.compare(source, target, selection)).isEmpty();
    assertThat(
            names(
                target,
                "SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('r', 'v')"
                    + " AND relnamespace::regnamespace::text IN ('public', '\"select\"')"))
        .containsExactlyInAnyOrder("\"select\".\"table\"", "needs_view");
    assertThat(names(target, "SELECT oid::regproc::text FROM pg_proc WHERE proname = 'count_rich'"))
        .as("the default of public.needs_view needs it")
        .hasSize(1);
  }

  @Test
  void whatNeedsAnUnselectedTableIsRefusedByName() throws SQLException {
    ConnectionDetails source = databases.database(18);
    ConnectionDetails target = databases.database(18);
    TwoDatabases.execute(
        source,
        "CREATE TABLE a (id integer PRIMARY KEY)",
        "CREATE TABLE b (id integer PRIMARY KEY, a integer CONSTRAINT to_a REFERENCES a)");
    TableSelection selection = TableSelection.of("public.b");

    assertThatThrownBy(() -> SchemaTransfer.of(source, target, selection).beforeData())
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("foreign key to_a ON \"public\".\"b\"");
    assertThat(number(target, "SELECT count(*) FROM pg_class WHERE relname = 'b'")).isZero();

    Set<String> left = Set.of("foreign key to_a ON \"public\".\"b\"");
    transfer(SchemaTransfer.of(source, target, selection).leavingBehind(left), target);
    assertThat(CatalogComparison.compare(source, target, selection, left)).isEmpty();
    assertThat(CatalogComparison.compare(source, target, selection))
        .extracting(Difference::kind)
        .containsExactly(ObjectKind.FOREIGN_KEY);
  }

  @Test
  void materializedViewsAreRefreshedInOrder() throws SQLException {
    ConnectionDetails source = databases.database(14);
    ConnectionDetails target = databases.database(18);
    TwoDatabases.execute(
        source,
        "CREATE TABLE n (i integer PRIMARY KEY)",
        "CREATE MATERIALIZED VIEW z_first AS SELECT i FROM n",
        "CREATE VIEW y_between AS SELECT i + 1 AS i FROM z_first",
        "CREATE MATERIALIZED VIEW a_last AS SELECT i FROM y_between",
        "CREATE MATERIALIZED VIEW not_filled AS SELECT i FROM n WITH NO DATA",
        "CREATE UNIQUE INDEX ON a_last (i)");
    SchemaTransfer transfer = SchemaTransfer.of(source, target, ALL);
    transfer.beforeData();
    TwoDatabases.execute(target, "INSERT INTO n SELECT generate_series(1, 10)");
    transfer.afterData();
    transfer.finish();

    assertThat(number(target, "SELECT sum(i) FROM a_last")).isEqualTo(65);
    assertThat(number(target, "SELECT count(*) FROM pg_class WHERE relispopulated = false"))
        .isEqualTo(1);
    assertThat(CatalogComparison.compare(source, target, ALL)).isEmpty();
  }

  private static void transfer(SchemaTransfer transfer, ConnectionDetails target)
      throws SQLException {
    transfer.beforeData();
    transfer.afterData();
    transfer.addForeignKeys(true);
    transfer.finish();
    TwoDatabases.makeTriggers(transfer, target);
  }

  private static long number(ConnectionDetails database, String query) throws SQLException {
    try (Connection connection = database.connect()) {
      return CatalogQuery.list(connection, query, row -> row.getLong(1)).get(0);
    }
  }

  private static List<String> names(ConnectionDetails database, String query) throws SQLException {
    try (Connection connection = database.connect()) {
      return CatalogQuery.list(connection, query, row -> row.getString(1));
    }
  }

  private static final class CutOffException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
