/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.clouddb.migration.postgres.catalog.TableSelection;
import io.clouddb.migration.postgres.schema.TwoDatabases;
import io.clouddb.sql.ConnectionDetails;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * A table whose rows the publication cannot identify: from its publication on the application's own
 * UPDATE and DELETE fail on the source. Preflight has to refuse it, or the application can write.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PublishedIdentityTest {
  private TwoDatabases databases;

  @BeforeAll
  void start() {
    databases = new TwoDatabases();
  }

  @AfterAll
  void stop() {
    databases.close();
  }

  /** REPLICA IDENTITY FULL of a partitioned table does not reach its partitions. */
  @Test
  void partitionsOfATableWithFullIdentity() throws SQLException {
    ConnectionDetails source = databases.database(16);
    TwoDatabases.execute(
        source,
        "CREATE TABLE parts (a integer, v integer) PARTITION BY LIST (a)",
        "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES IN (1)",
        "ALTER TABLE parts REPLICA IDENTITY FULL",
        "INSERT INTO parts VALUES (1, 1)");

    refusedOrWritable(16, source, "parts_1", "UPDATE parts SET v = 2");
  }

  /** PostgreSQL 18 refuses it: the identity must not contain unpublished generated columns. */
  @Test
  void fullIdentityWithAGeneratedColumnOn18() throws SQLException {
    ConnectionDetails source = databases.database(18);
    TwoDatabases.execute(
        source,
        "CREATE TABLE g (a integer, twice integer GENERATED ALWAYS AS (a * 2) STORED)",
        "ALTER TABLE g REPLICA IDENTITY FULL",
        "INSERT INTO g VALUES (1)");

    refusedOrWritable(18, source, "g", "UPDATE g SET a = 2");
  }

  @Test
  void keyWithAGeneratedColumnOn18() throws SQLException {
    ConnectionDetails source = databases.database(18);
    TwoDatabases.execute(
        source,
        "CREATE TABLE k (a integer, v integer,"
            + " twice integer GENERATED ALWAYS AS (a * 2) STORED PRIMARY KEY)",
        "INSERT INTO k VALUES (1, 1)");

    refusedOrWritable(18, source, "k", "UPDATE k SET v = 2");
  }

  /** Up to 17 the application can write, and the key is not in the stream. */
  @Test
  void keyWithAGeneratedColumn() throws SQLException {
    ConnectionDetails source = databases.database(16);
    TwoDatabases.execute(
        source,
        "CREATE TABLE k (a integer, v integer,"
            + " twice integer GENERATED ALWAYS AS (a * 2) STORED PRIMARY KEY)");

    assertThat(errors(16, source)).as("errors of preflight").isNotEmpty();
  }

  private List<Finding> errors(int version, ConnectionDetails source) throws SQLException {
    return Preflight.check(
            source, databases.database(version), TableSelection.all(), PreflightOptions.defaults())
        .stream()
        .filter(finding -> finding.severity() == Severity.ERROR)
        .toList();
  }

  private void refusedOrWritable(int version, ConnectionDetails source, String table, String change)
      throws SQLException {
    if (errors(version, source).isEmpty()) {
      // As Publication.create does it.
      TwoDatabases.execute(source, "CREATE PUBLICATION clouddb_p FOR TABLE ONLY " + table);
      assertThatCode(() -> TwoDatabases.execute(source, change))
          .as("the application's %s on the source, once the migration published it", change)
          .doesNotThrowAnyException();
    }
  }
}
