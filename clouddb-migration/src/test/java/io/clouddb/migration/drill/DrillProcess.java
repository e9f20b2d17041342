/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.drill;

import io.clouddb.migration.Migration;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.route.RouteStore;
import io.clouddb.migration.state.StateStore;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** The process that migrates, and that a drill kills. */
public final class DrillProcess {
  static final int FAILED = 3;
  private static final SecretRef PASSWORD = SecretRef.literal("secret");

  private DrillProcess() {}

  static Process start(Path folder, String source, String target, int number) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            DrillProcess.class.getName(),
            folder.toString(),
            source,
            target)
        .redirectErrorStream(true)
        .redirectOutput(
            ProcessBuilder.Redirect.appendTo(new File("target", "drill-" + number + ".log")))
        .start();
  }

  static Migration migration(
      Path folder, ConnectionDetails source, ConnectionDetails target, RouteStore route) {
    return Migration.builder()
        .id("drill")
        .from(source)
        .to(target)
        .tables("public.*")
        .state(StateStore.directory(folder.resolve("state")))
        .route(route)
        .catchUpLimit(Duration.ofSeconds(20))
        .build();
  }

  static ConnectionDetails details(String url, String role) {
    return ConnectionDetails.ofJdbcUrl(url, role, PASSWORD);
  }

  public static void main(String[] arguments) {
    Path folder = Path.of(arguments[0]);
    try (RouteStore route = RouteStore.file(folder.resolve("route.json"))) {
      MigrationReport report =
          migration(
                  folder,
                  details(arguments[1], "source_admin"),
                  details(arguments[2], "target_admin"),
                  route)
              .run();
      System.err.println(report.status() + " " + report.failure().orElse(""));
      if (report.status() != MigrationReport.Status.COMPLETED) {
        Runtime.getRuntime().halt(FAILED);
      }
    }
  }
}
