/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.clouddb.migration.postgres.catalog.TableSelection;
import io.clouddb.sql.ConnectionDetails;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A judge that knows nothing of the transfer: after it, pg_dump says the same of both sides. It
 * dumps servers up to its own version; newer ones are compared by their catalogs.
 */
class DumpComparisonTest {
  private static final Pattern VERSION = Pattern.compile("pg_dump \\(PostgreSQL\\) (\\d+)");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {14, 15})
  void bothSidesAreDumpedAlike(int version) throws Exception {
    int dumps = versionOfPgDump();
    assumeThat(dumps)
        .as("a pg_dump of version %d or later on the path", version)
        .isGreaterThanOrEqualTo(version);
    try (TwoDatabases databases = new TwoDatabases()) {
      ConnectionDetails source = databases.database(version);
      ConnectionDetails target = databases.database(version);
      TwoDatabases.script(source, "everything.sql");

      SchemaTransfer transfer = SchemaTransfer.of(source, target, TableSelection.all());
      transfer.beforeData();
      transfer.afterData();
      transfer.addForeignKeys(true);
      transfer.finish();
      TwoDatabases.makeTriggers(transfer, target);

      List<String> expected = dump(databases.superuser(version, source));
      assertThat(expected).hasSizeGreaterThan(200);
      assertThat(dump(databases.superuser(version, target)))
          .containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  private static int versionOfPgDump() throws InterruptedException {
    try {
      Process process = new ProcessBuilder("pg_dump", "--version").start();
      String version = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      Matcher matcher = VERSION.matcher(version);
      return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  /**
   * The statements of a dump. Their order is not compared: pg_dump sorts what is alike by object
   * numbers. Nor is the order of clauses in a statement, for the same reason.
   */
  private List<String> dump(ConnectionDetails database) throws Exception {
    Path errors = folder.resolve("errors");
    ProcessBuilder builder =
        new ProcessBuilder(
                "pg_dump",
                "--schema-only",
                "--host=" + database.host(),
                "--port=" + database.port(),
                "--username=" + database.user(),
                "--dbname=" + database.database())
            .redirectError(errors.toFile());
    builder.environment().put("PGPASSWORD", String.valueOf(database.credentials().get("password")));
    Process process = builder.start();
    String dump = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
    List<String> statements = new ArrayList<>();
    for (String statement : dump.split(";\n")) {
      String text =
          statement
              .lines()
              .filter(line -> !line.startsWith("--") && !line.startsWith("\\"))
              .filter(line -> !line.isBlank())
              .sorted()
              .reduce("", (one, other) -> one + "\n" + other)
              .replace(",\n", "\n");
      statements.add(text);
    }
    return statements;
  }
}
