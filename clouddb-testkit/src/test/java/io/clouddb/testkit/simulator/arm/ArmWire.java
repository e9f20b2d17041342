/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.testkit.simulator.engine.ManualClock;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;

/** A simulated Azure with a group of servers, spoken to by plain HTTP; time passes when told. */
final class ArmWire implements AutoCloseable {
  static final String SUBSCRIPTION = "00000000-0000-0000-0000-000000000000";
  static final String GROUP = "Shop-rg";
  static final String PASSWORD = "Sup3r-secret!";
  static final String NEWEST = "2025-08-01";
  static final String OLDEST = "2022-12-01";

  private static final ObjectMapper MAPPER = new ObjectMapper();

  final ManualClock clock = SimulatedClock.manual(Instant.parse("2026-01-01T00:00:00Z"));
  final SimulatedAzure azure =
      SimulatedAzure.builder()
          .clock(clock)
          .subscription(SUBSCRIPTION)
          .resourceGroup(GROUP)
          .region("eastus")
          .shownAfter(java.time.Duration.ZERO)
          .start();
  String version = NEWEST;

  private final HttpClient http = HttpClient.newHttpClient();

  static String id(String group, String server) {
    return "/subscriptions/"
        + SUBSCRIPTION
        + "/resourceGroups/"
        + group
        + "/providers/Microsoft.DBforPostgreSQL/flexibleServers/"
        + server;
  }

  static String id(String server) {
    return id(GROUP, server);
  }

  /** Sends a request about a server, or what is beneath one. */
  HttpResponse<String> send(String method, String target, String body) throws Exception {
    String path = target.startsWith("/") ? target : id(target);
    String url =
        target.startsWith("http") ? target : azure.endpoint() + path + "?api-version=" + version;
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url.replace(" ", "%20")))
            .header("Authorization", "Bearer " + azure.secret().resolve())
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')));
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** Sends a request, which has to succeed, and lets its operation end. */
  HttpResponse<String> done(String method, String target, String body) throws Exception {
    HttpResponse<String> accepted = send(method, target, body);
    assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
    clock.advanceUntilIdle();
    JsonNode end = json(send("GET", operation(accepted), ""));
    assertThat(end.at("/status").asText()).as("%s", end).isEqualTo("Succeeded");
    return accepted;
  }

  void server(String name, String region, String size) throws Exception {
    done(
        "PUT",
        name,
        "{'location':'%s','properties':{'administratorLogin':'app_admin','version':'16',"
                .formatted(region)
            + "'administratorLoginPassword':'"
            + PASSWORD
            + "','storage':{'storageSizeGB':128}},"
            + size(size)
            + "}");
  }

  /** A body for a replica, which may have more members. */
  static String replica(String source, String region, String... more) {
    return "{'location':'"
        + region
        + "','properties':{'createMode':'Replica','sourceServerResourceId':'"
        + id(source)
        + "'}"
        + String.join("", more)
        + "}";
  }

  static String size(String name) {
    String tier =
        name.startsWith("Standard_B")
            ? "Burstable"
            : name.startsWith("Standard_D") ? "GeneralPurpose" : "MemoryOptimized";
    return "'sku':{'name':'" + name + "','tier':'" + tier + "'}";
  }

  static String operation(HttpResponse<String> accepted) {
    return accepted.headers().firstValue("azure-asyncoperation").orElseThrow();
  }

  static JsonNode json(HttpResponse<String> response) throws Exception {
    return MAPPER.readTree(response.body());
  }

  /** A property of a server, as text. */
  String show(String server, String property) throws Exception {
    return json(send("GET", server, "")).at("/properties" + property).asText();
  }

  /** A change that Azure accepts, and that fails. */
  void failed(String code, HttpResponse<String> accepted) throws Exception {
    assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
    JsonNode end = json(send("GET", operation(accepted), ""));
    assertThat(end.at("/status").asText()).as("%s", end).isEqualTo("Failed");
    assertThat(end.at("/error/code").asText()).as("%s", end).isEqualTo(code);
    assertThat(end.at("/error/message").asText()).isNotBlank();
  }

  /** A request that is refused at once. */
  static void refused(int status, String code, String in, HttpResponse<String> response)
      throws Exception {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(json(response).at("/error/code").asText()).as(response.body()).isEqualTo(code);
    assertThat(json(response).at("/error/message").asText()).contains(in);
  }

  SimulatedInstance instance(String server) {
    return azure
        .servers()
        .get(
            new ResourceKey(SUBSCRIPTION + "/" + GROUP.toLowerCase(java.util.Locale.ROOT), server));
  }

  ConnectionDetails admin(String server) {
    return instance(server)
        .server()
        .orElseThrow()
        .connection("postgres", "app_admin", SecretRef.literal(PASSWORD));
  }

  void run(String server, String sql) throws Exception {
    try (Connection connection = admin(server).connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  String ask(String server, String sql) throws Exception {
    try (Connection connection = admin(server).connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  @Override
  public void close() {
    // The last first; each of them, whatever another says.
    try (clock;
        azure) {
      // Closed by leaving.
    }
  }
}
