/* SPDX-License-Identifier: Apache-2.0 */
package com.example.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.CloudDb;
import io.clouddb.DataSize;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Network;
import io.clouddb.instance.Storage;
import io.clouddb.security.SecretRef;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import io.clouddb.testkit.simulator.SimulatedCloud;
import io.clouddb.testkit.simulator.arm.SimulatedAzure;
import io.clouddb.testkit.simulator.aws.SimulatedAws;
import io.clouddb.testkit.simulator.google.SimulatedGoogle;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** The application starts with each of the three providers, and works with what it brings. */
class ShopApplicationTest {
  private static final String FAST = "pollInterval=PT0.05S&endpoint=";

  /** What the databases' certificates come from; on Google Cloud the API tells it. */
  private static String authority() {
    return "&databaseRootCertificate=" + EmbeddedPostgres.certificateAuthority();
  }

  @Test
  void startsOnAws() throws Exception {
    try (SimulatedAws aws = SimulatedAws.start()) {
      worksOn(
          "clouddb:aws:us-east-1?" + FAST + at(aws) + authority(),
          Optional.empty());
    }
  }

  @Test
  void startsOnAzure() throws Exception {
    try (SimulatedAzure azure =
        SimulatedAzure.builder().resourceGroup("shop").retryAfter(0).start()) {
      worksOn(
          "clouddb:azure:koreacentral?resourceGroup=shop&subscription="
              + azure.subscription()
              + "&"
              + FAST
              + at(azure)
              + authority(),
          Optional.of(Network.publicAccess("203.0.113.0/24")));
    }
  }

  @Test
  void startsOnGoogleCloud() throws Exception {
    try (SimulatedGoogle google = SimulatedGoogle.start()) {
      worksOn(
          "clouddb:gcp:asia-northeast3?project=shop-project&"
              + FAST
              + at(google),
          Optional.of(Network.publicAccess("203.0.113.0/24")));
    }
  }

  /** The secret itself has no place in a URL: it is in a file that only this user reads. */
  private static String at(SimulatedCloud cloud) throws Exception {
    Path file = Files.createTempFile("clouddb", ".secret");
    file.toFile().deleteOnExit();
    Files.writeString(file, cloud.secret().resolve());
    return cloud.endpoint() + "&endpointSecret=" + SecretRef.file(file).toText();
  }

  private static void worksOn(String url, Optional<Network> network) throws Exception {
    InstanceSpec.Builder spec =
        InstanceSpec.builder("orders", Engine.POSTGRESQL, "16")
            .size(InstanceSize.atLeast(2, DataSize.gib(8)))
            .storage(Storage.ssd(DataSize.gib(128)))
            .admin(AdminLogin.of("app_admin", SecretRef.literal("not-a-real-password-1")));
    network.ifPresent(spec::network);
    try (ConfigurableApplicationContext application =
        new SpringApplicationBuilder(ShopApplication.class)
            .run("--shop.cloud=" + url, "--server.port=0", "--logging.level.root=WARN")) {
      CloudDb cloud = application.getBean(CloudDb.class);
      Instance orders = cloud.instances().create(spec.build()).await(Duration.ofMinutes(2));
      try (Connection connection = orders.connection().dataSource().getConnection()) {
        assertThat(connection.isValid(5)).isTrue();
      }
      int port =
          ((ServletWebServerApplicationContext) application).getWebServer().getPort();
      assertThat(get(port, "/databases")).isEqualTo("[\"orders\"]");
      assertThat(get(port, "/actuator/health")).contains("UP");
      assertThat(get(port, "/actuator/metrics")).contains("clouddb");
    }
  }

  private static String get(int port, String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
