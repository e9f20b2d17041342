/* SPDX-License-Identifier: Apache-2.0 */
import io.clouddb.migration.Migration;
import io.clouddb.migration.report.HtmlReport;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.state.StateStore;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;

/** Moves a table with clouddb-migration and nothing else. */
public final class Move {
  public static void main(String[] args) throws Exception {
    SecretRef password = SecretRef.literal("only-here");
    ConnectionDetails from = ConnectionDetails.ofJdbcUrl(args[0], "mover", password);
    ConnectionDetails to = ConnectionDetails.ofJdbcUrl(args[1], "mover", password);
    String table = "t" + ProcessHandle.current().pid();
    try (Connection connection = from.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE " + table + " AS SELECT g AS id FROM generate_series(1, 1000) g");
      statement.execute("ALTER TABLE " + table + " ADD PRIMARY KEY (id)");
    }
    Path folder = Path.of(args[2]);
    MigrationReport report =
        Migration.builder().id(table).from(from).to(to).tables("public." + table)
            .state(StateStore.directory(folder)).build().run();
    HtmlReport.write(report, folder.resolve("report.html"));
    if (report.status() != MigrationReport.Status.COMPLETED || report.rowsCopied() != 1000) {
      throw new IllegalStateException(report.toJson());
    }
    System.out.println("ok");
  }
}
