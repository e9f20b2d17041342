/* SPDX-License-Identifier: Apache-2.0 */
import io.clouddb.security.SecretRef;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import io.clouddb.testkit.simulator.SimulatedCloud;
import io.clouddb.testkit.simulator.arm.SimulatedAzure;
import io.clouddb.testkit.simulator.aws.SimulatedAws;
import io.clouddb.testkit.simulator.google.SimulatedGoogle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;

/** The clouds and two servers for the other programs, out of clouddb-testkit alone; until its input ends. */
public final class Simulators {
  private static final String FAST = "pollInterval=PT0.05S&endpoint=";

  public static void main(String[] args) throws Exception {
    try (SimulatedAws aws = SimulatedAws.start();
        SimulatedAzure azure = SimulatedAzure.builder().resourceGroup("shop").retryAfter(0).start();
        SimulatedGoogle google = SimulatedGoogle.start();
        EmbeddedPostgres from = EmbeddedPostgres.builder().ssl(true).setting("wal_level", "logical").start();
        EmbeddedPostgres to = EmbeddedPostgres.builder().ssl(true).start()) {
      String authority = "&databaseRootCertificate=" + EmbeddedPostgres.certificateAuthority();
      System.out.println("aws=clouddb:aws:us-east-1?" + FAST + at(aws) + authority);
      System.out.println(
          "azure=clouddb:azure:koreacentral?resourceGroup=shop&subscription=" + azure.subscription() + "&" + FAST + at(azure) + authority);
      System.out.println(
          "gcp=clouddb:gcp:asia-northeast3?project=shop-project&" + FAST + at(google));
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
  private static String at(SimulatedCloud cloud) throws Exception {
    Path file = Files.createTempFile("clouddb", ".secret");
    file.toFile().deleteOnExit();
    Files.writeString(file, cloud.secret().resolve());
    return cloud.endpoint() + "&endpointSecret=" + SecretRef.file(file).toText();
  }
}
