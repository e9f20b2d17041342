/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.snippets;

import io.clouddb.migration.Migration;
import io.clouddb.migration.report.HtmlReport;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.route.RouteStore;
import io.clouddb.migration.state.StateStore;
import io.clouddb.sql.ConnectionDetails;
import java.io.IOException;
import java.nio.file.Path;

/** Moves a live database; the application that follows the route is switched over at the end. */
final class MoveADatabase {
  private MoveADatabase() {}

  static MigrationReport move(ConnectionDetails from, ConnectionDetails to, Path folder)
      throws IOException {
    try (RouteStore route = RouteStore.file(folder.resolve("route.json"))) {
      // @start region="move"
      MigrationReport report =
          Migration.builder()
              .id("shop")
              .from(from) // instance.connection(), or ConnectionDetails.ofJdbcUrl(...)
              .to(to)
              .state(StateStore.directory(folder)) // run() goes on where a killed run ended
              .route(route)
              .build()
              .run();
      HtmlReport.write(report, folder.resolve("report.html"));
      // @end region="move"
      return report;
    }
  }
}
