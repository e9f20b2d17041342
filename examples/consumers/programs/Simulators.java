/* SPDX-License-Identifier: Apache-2.0 */
import io.clouddb.security.SecretRef;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import io.clouddb.testkit.simulator.CloudProfile;
import io.clouddb.testkit.simulator.SimulatedClock;
import io.clouddb.testkit.simulator.SimulatedCloud;
import io.clouddb.testkit.simulator.arm.ArmSimulator;
import io.clouddb.testkit.simulator.rds.RdsSimulator;
import io.clouddb.testkit.simulator.sqladmin.SqlAdminSimulator;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;

/** The clouds and two servers for the other programs, out of clouddb-testkit alone; until its input ends. */
public final class Simulators {
  private static final String SUBSCRIPTION = "00000000-0000-0000-0000-000000000001";
  private static final String FAST = "pollInterval=PT0.05S&endpoint=";

  public static void main(String[] args) throws Exception {
    try (SimulatedClock clock = SimulatedClock.scaled(1200);
        RdsSimulator rds = RdsSimulator.builder(clock).start();
        SimulatedCloud azure = SimulatedCloud.builder(CloudProfile.AZURE, clock).build();
        ArmSimulator arm =
            ArmSimulator.builder(azure)
                .resourceGroup(SUBSCRIPTION, "shop", "koreacentral")
                .retryAfter(0)
                .start();
        SimulatedCloud google = SimulatedCloud.builder(CloudProfile.CLOUD_SQL, clock).build();
        SqlAdminSimulator sqladmin = SqlAdminSimulator.builder(google).start();
        EmbeddedPostgres from = EmbeddedPostgres.builder().ssl(true).setting("wal_level", "logical").start();
        EmbeddedPostgres to = EmbeddedPostgres.builder().ssl(true).start()) {
      String authority = "&databaseRootCertificate=" + EmbeddedPostgres.certificateAuthority();
      System.out.println("aws=clouddb:aws:us-east-1?" + FAST + at(rds.endpoint(), rds.secret()) + authority);
      System.out.println(
          "azure=clouddb:azure:koreacentral?resourceGroup=shop&subscription=" + SUBSCRIPTION + "&" + FAST + at(arm.endpoint(), arm.secret()) + authority);
      System.out.println(
          "gcp=clouddb:gcp:asia-northeast3?project=shop-project&" + FAST + at(sqladmin.endpoint(), sqladmin.secret()));
      for (EmbeddedPostgres server : List.of(from, to)) {
        try (Connection connection = server.superuser().connect();
            Statement statement = connection.createStatement()) {
          statement.execute("CREATE ROLE mover SUPERUSER LOGIN PASSWORD 'only-here'");
        }
      }
      System.out.println("from=" + from.superuser().jdbcUrl());
      System.out.println("to=" + to.superuser().jdbcUrl());
      System.out.println("ready");
      while (System.in.read() >= 0) {
        // Whoever started this closes it.
      }
    }
  }

  /** The secret itself has no place in a URL: it is in a file that only this user reads. */
  private static String at(URI endpoint, SecretRef secret) throws Exception {
    Path file = Files.createTempFile("clouddb", ".secret");
    file.toFile().deleteOnExit();
    Files.writeString(file, secret.resolve());
    return endpoint + "&endpointSecret=" + SecretRef.file(file).toText();
  }
}
