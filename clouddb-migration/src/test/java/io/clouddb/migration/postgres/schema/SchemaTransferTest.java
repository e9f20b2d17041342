/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.postgres.catalog.TableSelection;
import io.clouddb.sql.ConnectionDetails;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SchemaTransferTest {
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
  void carriesEverything(int from, int to) throws SQLException {
    ConnectionDetails source = databases.database(from);
    ConnectionDetails target = databases.database(to);
    TwoDatabases.script(source, "everything.sql");

    transfer(SchemaTransfer.of(source, target, TableSelection.all()));

    assertThat(CatalogComparison.compare(source, target, TableSelection.all())).isEmpty();
    List<String> again = Collections.synchronizedList(new ArrayList<>());
    transfer(
        SchemaTransfer.of(source, target, TableSelection.all())
            .withProgress((phase, object, done, total) -> again.add(object)));
    assertThat(again).as("a second run finds everything made").isEmpty();
  }

  private static void transfer(SchemaTransfer transfer) {
    transfer.beforeData();
    transfer.afterData();
    transfer.addForeignKeys(true);
    transfer.finish();
    transfer.addTriggers();
  }
}
