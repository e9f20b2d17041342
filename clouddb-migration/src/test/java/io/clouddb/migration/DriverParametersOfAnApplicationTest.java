/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.postgres.stream.PinnedSession;
import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.sql.ConnectionDetails;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;
import org.postgresql.jdbc.AutoSave;

/** A URL comes out of an application's configuration, with what that application needs. */
class DriverParametersOfAnApplicationTest {
  private static final String PARAMETERS =
      "stringtype=unspecified&autosave=always&cleanupSavepoints=true&socketTimeout=1"
          + "&queryTimeout=1&readOnly=true&readOnlyMode=always&maxResultBuffer=1K"
          + "&options=-c statement_timeout=1000"
          // And what does no harm.
          + "&prepareThreshold=-1&defaultRowFetchSize=3&adaptiveFetch=true&currentSchema=public"
          + "&convertBooleanToNumeric=true&assumeMinServerVersion=9.0&groupStartupParameters=true"
          + "&disableColumnSanitiser=true&unknownLength=10&hideUnprivilegedObjects=true"
          + "&binaryTransferEnable=TIMESTAMPTZ,NUMERIC,DATE,BYTEA";

  private static TwoDatabases both;

  @TempDir Path folder;

  @BeforeAll
  static void start() throws SQLException {
    both = TwoDatabases.start(16, 17, false);
  }

  @AfterAll
  static void close() {
    both.close();
  }

  private static ConnectionDetails ofAnApplication(ConnectionDetails database) {
    ConnectionDetails.Builder builder = database.toBuilder();
    for (String each : PARAMETERS.split("&")) {
      String[] pair = each.split("=", 2);
      builder.parameter(pair[0], pair[1]);
    }
    return builder.build();
  }

  @Tag("slow")
  @Test
  void aMigrationIsTheSame() throws SQLException {
    both.recreate();
    ShopSchema.create(both.source, 40);
    Migration migration =
        both.migration(folder)
            .from(ofAnApplication(both.source))
            .to(ofAnApplication(both.target))
            .listener(
                RecordingListener.at(
                    MigrationStep.CUTOVER, DriverParametersOfAnApplicationTest::sell))
            .build();

    MigrationReport report = migration.run();

    assertThat(report.failure()).isEmpty();
    for (String question :
        new String[] {
          "SELECT md5(string_agg(c::text, ',' ORDER BY id)) FROM customers c",
          "SELECT md5(string_agg(o::text, ',' ORDER BY id)) FROM orders o",
          "SELECT md5(string_agg(e::text, ',' ORDER BY at, id)) FROM events e"
        }) {
      assertThat(TwoDatabases.ask(both.target, question))
          .isEqualTo(TwoDatabases.ask(both.source, question));
    }
  }

  private static void sell() {
    try {
      TwoDatabases.run(
          both.source,
          "INSERT INTO orders (customer, total) SELECT 1, i FROM generate_series(1, 20) i",
          "UPDATE customers SET balance = balance + 0.5, name = name || 'x' WHERE id < 20",
          "UPDATE events SET what = 'other' WHERE id < 9",
          "DELETE FROM orders WHERE id IN (7, 8)");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** As the server's own limits, which are put out: an index may take an hour to be made. */
  @Test
  void nothingCutsOffAStatementOrComesBetweenThem() throws SQLException {
    try (Connection connection = PinnedSession.openToWrite(ofAnApplication(both.target), "test");
        Statement statement = connection.createStatement()) {
      assertThat(connection.getNetworkTimeout()).isZero();
      assertThat(statement.getQueryTimeout()).isZero();
      assertThat(connection.isReadOnly()).isFalse();
      assertThat(connection.unwrap(PGConnection.class).getAutosave()).isEqualTo(AutoSave.NEVER);
      try (ResultSet row =
          statement.executeQuery(
              "SELECT repeat('x', 5000), current_setting('statement_timeout')")) {
        assertThat(row.next()).isTrue();
        assertThat(row.getString(1)).hasSize(5000);
        assertThat(row.getString(2)).isEqualTo("0");
      }
    }
  }
}
