/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.google.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.sql.TlsVerification;
import io.clouddb.testkit.simulator.engine.ManualClock;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import io.clouddb.testkit.simulator.google.SimulatedGoogle;
import io.clouddb.testkit.simulator.server.ManagedServers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlAdminServiceTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PROJECT = "/sql/v1beta4/projects/shop-project/";
  private static final String MINIMAL =
      """
      {"name": "orders", "region": "us-central1", "databaseVersion": "POSTGRES_16",
       "rootPassword": "very-secret",
       "settings": {"tier": "db-custom-1-3840"%s}}
      """;

  private final ManualClock clock = SimulatedClock.manual(Instant.parse("2026-01-01T00:00:00Z"));
  private final SimulatedGoogle google = SimulatedGoogle.builder().clock(clock).quota(2).start();
  private final ManagedServers cloud = google.servers();
  private final HttpClient client = HttpClient.newHttpClient();

  private record Answer(int status, JsonNode body) {
    String reason() {
      return body.path("error").path("errors").path(0).path("reason").asText();
    }

    String message() {
      return body.path("error").path("message").asText();
    }
  }

  @AfterEach
  void close() {
    // The last first; each of them, whatever another says.
    try (clock;
        google) {
      assertThat(google.bugs()).isEmpty();
    }
  }

  private Answer send(String method, String path, String body) throws Exception {
    return send(
        to(PROJECT + path).method(method, HttpRequest.BodyPublishers.ofString(body)).build());
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(google.endpoint().resolve(path))
        .header("Authorization", "Bearer " + google.secret().resolve());
  }

  private Answer send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
    return new Answer(response.statusCode(), JSON.readTree(response.body()));
  }

  private Answer get(String path) throws Exception {
    return send("GET", path, "");
  }

  private static String minimal(String moreSettings) {
    return MINIMAL.formatted(moreSettings);
  }

  /** Has something done, and waits in simulated time until it is. */
  private JsonNode done(Answer started) throws Exception {
    assertThat(started.status()).as(started.body().toString()).isEqualTo(200);
    clock.advanceUntilIdle();
    JsonNode operation = get("operations/" + started.body().path("name").asText()).body();
    assertThat(operation.path("status").asText()).isEqualTo("DONE");
    return operation;
  }

  private String ask(String user, String password, String sql) throws Exception {
    JsonNode instance = get("instances/orders").body();
    JsonNode address = instance.path("ipAddresses").path(0);
    ConnectionDetails details =
        ConnectionDetails.postgresql(
                address.path("ipAddress").asText(),
                address.path("port").asInt(),
                "postgres",
                user,
                SecretRef.literal(password))
            .tls(TlsVerification.VERIFY_CA)
            .rootCertificates(instance.path("serverCaCert").path("cert").asText())
            .build();
    return ask(details, sql);
  }

  private static String ask(ConnectionDetails details, String sql) throws SQLException {
    try (Connection connection = details.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }

  @Test
  void answersHaveTheShapesOfTheRealService() throws Exception {
    RecordedShapes shapes = new RecordedShapes();
    Answer missing = get("instances/orders");
    assertThat(missing.status()).isEqualTo(404);
    assertThat(missing.reason()).isEqualTo("instanceDoesNotExist");
    assertThat(shapes.differences("error", missing.body())).isEmpty();

    Answer pending =
        send(
            "POST",
            "instances",
            minimal(
                """
                , "availabilityType": "REGIONAL", "edition": "ENTERPRISE",
                "backupConfiguration": {"enabled": true, "pointInTimeRecoveryEnabled": true,
                  "startTime": "12:00", "binaryLogEnabled": false},
                "maintenanceWindow": {"day": 7, "hour": 23, "updateTrack": "stable"},
                "insightsConfig": {"queryInsightsEnabled": true},
                "databaseFlags": [{"name": "max_connections", "value": "77"}],
                "dataDiskSizeGb": "20",
                "ipConfiguration": {"ipv4Enabled": false, "sslMode": "ENCRYPTED_ONLY",
                  "privateNetwork": "projects/shop-project/global/networks/main"},
                "userLabels": {"team": "one"}
                """));
    assertThat(shapes.differences("operation PENDING", pending.body())).isEmpty();
    assertThat(pending.body().path("status").asText()).isEqualTo("PENDING");
    assertThat(pending.body().path("operationType").asText()).isEqualTo("CREATE");
    String name = pending.body().path("name").asText();
    assertThat(get("operations/" + name).body().path("status").asText()).isEqualTo("RUNNING");
    assertThat(get("instances/orders").body().path("state").asText()).isEqualTo("PENDING_CREATE");

    assertThat(shapes.differences("operation DONE", done(pending))).isEmpty();
    JsonNode instance = get("instances/orders").body();
    // The one thing that is added: all databases are on one machine.
    assertThat(shapes.differences("instance", instance))
        .containsExactly("ipAddresses[].port is not in the service's answers");
    assertThat(instance.path("state").asText()).isEqualTo("RUNNABLE");
    assertThat(instance.path("databaseInstalledVersion").asText()).matches("POSTGRES_16_[0-9]+");
    assertThat(instance.path("ipAddresses").path(0).path("type").asText()).isEqualTo("PRIVATE");
    assertThat(instance.has("rootPassword")).isFalse();
    assertThat(shapes.differences("users", get("instances/orders/users").body())).isEmpty();
    assertThat(get("instances").body().path("items").path(0)).isEqualTo(instance);
    assertThat(get("operations?instance=orders").body().path("items")).hasSize(1);
    assertThat(get("operations?instance=others").body().has("items")).isFalse();
  }

  @Test
  void thereIsARealDatabaseBehindIt() throws Exception {
    done(send("POST", "instances", minimal("")));
    assertThat(ask("postgres", "very-secret", "SHOW max_connections")).isEqualTo("100");
    assertThat(
            ask(
                "postgres",
                "very-secret",
                "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"))
        .isEqualTo("f");

    done(send("POST", "instances/orders/users", "{\"name\": \"app\", \"password\": \"secret-2\"}"));
    done(send("POST", "instances/orders/databases", "{\"name\": \"shop\"}"));
    assertThat(ask("app", "secret-2", "SELECT datname FROM pg_database WHERE datname = 'shop'"))
        .isEqualTo("shop");
    Answer twice = send("POST", "instances/orders/databases", "{\"name\": \"shop\"}");
    assertThat(twice.reason()).isEqualTo("databaseAlreadyExists");
    done(send("PUT", "instances/orders/users?name=app", "{\"password\": \"secret-3\"}"));
    assertThat(ask("app", "secret-3", "SELECT current_user")).isEqualTo("app");
    done(send("DELETE", "instances/orders/users?name=app", ""));

    // A flag that needs a restart restarts the server by itself.
    done(
        send(
            "PATCH",
            "instances/orders",
            """
            {"settings": {"databaseFlags": [{"name": "cloudsql.logical_decoding", "value": "on"},
              {"name": "max_connections", "value": "77"}]}}
            """));
    assertThat(ask("postgres", "very-secret", "SHOW wal_level")).isEqualTo("logical");
    assertThat(ask("postgres", "very-secret", "SHOW max_connections")).isEqualTo("77");
    // The list is replaced as a whole.
    done(
        send(
            "PATCH",
            "instances/orders",
            """
            {"settings": {"databaseFlags": [{"name": "max_connections", "value": "78"}]}}
            """));
    assertThat(ask("postgres", "very-secret", "SHOW wal_level")).isEqualTo("replica");

    assertThat(google.requests()).noneMatch(request -> request.toString().contains("secret"));
  }

  @Test
  void oneOperationAtATimeIsDone() throws Exception {
    Answer creation = send("POST", "instances", minimal(""));
    for (String path : new String[] {"instances/orders/users", "instances/orders/databases"}) {
      Answer busy = send("POST", path, "{\"name\": \"app\", \"password\": \"p\"}");
      assertThat(busy.status()).isEqualTo(409);
      assertThat(busy.reason()).isEqualTo("operationInProgress");
    }
    String tier = "{\"settings\": {\"tier\": \"db-custom-2-7680\"}}";
    assertThat(send("PATCH", "instances/orders", tier).reason()).isEqualTo("operationInProgress");
    assertThat(send("DELETE", "instances/orders", "").reason()).isEqualTo("operationInProgress");
    Answer taken = send("POST", "instances", minimal(""));
    assertThat(taken.status()).isEqualTo(409);
    assertThat(taken.reason()).isEqualTo("instanceAlreadyExists");

    done(creation);
    done(send("PATCH", "instances/orders", tier));
    JsonNode settings = get("instances/orders").body().path("settings");
    assertThat(settings.path("tier").asText()).isEqualTo("db-custom-2-7680");
    assertThat(settings.path("settingsVersion").asText()).isEqualTo("2");
    done(send("DELETE", "instances/orders", ""));
    assertThat(get("instances/orders").status()).isEqualTo(404);
  }

  @Test
  void aStoppedInstanceIsRunnableToo() throws Exception {
    done(send("POST", "instances", minimal("")));
    done(send("PATCH", "instances/orders", "{\"settings\": {\"activationPolicy\": \"NEVER\"}}"));
    JsonNode stopped = get("instances/orders").body();
    assertThat(stopped.path("state").asText()).isEqualTo("RUNNABLE");
    assertThat(stopped.path("settings").path("activationPolicy").asText()).isEqualTo("NEVER");
    Answer user =
        send("POST", "instances/orders/users", "{\"name\": \"app\", \"password\": \"p\"}");
    assertThat(user.status()).isEqualTo(400);
    assertThat(user.reason()).isEqualTo("invalid");
    assertThat(user.message()).contains("instance is not running");
    assertThat(get("instances/orders/databases").message()).isEqualTo(user.message());
    done(send("PATCH", "instances/orders", "{\"settings\": {\"activationPolicy\": \"ALWAYS\"}}"));
    done(send("POST", "instances/orders/restart", ""));
    assertThat(ask("postgres", "very-secret", "SELECT 1")).isEqualTo("1");
  }

  @Test
  void aPatchIsCheckedAgainstWhatIsThere() throws Exception {
    done(send("POST", "instances", minimal(", \"deletionProtectionEnabled\": true")));
    Answer kept = send("DELETE", "instances/orders", "");
    assertThat(kept.status()).isEqualTo(400);
    assertThat(kept.message()).contains("deletion protection");
    Answer stale =
        send("PATCH", "instances/orders", "{\"settings\": {\"settingsVersion\": \"7\"}}");
    assertThat(stale.status()).isEqualTo(412);
    assertThat(stale.reason()).isEqualTo("staleData");
    done(send("PATCH", "instances/orders", "{\"settings\": {\"dataDiskSizeGb\": \"30\"}}"));
    Answer smaller =
        send("PATCH", "instances/orders", "{\"settings\": {\"dataDiskSizeGb\": \"20\"}}");
    assertThat(smaller.status()).isEqualTo(400);
    assertThat(smaller.message()).contains("smaller");
    Answer flag =
        send(
            "PATCH",
            "instances/orders",
            "{\"settings\": {\"databaseFlags\": [{\"name\": \"nonsense\", \"value\": \"1\"}]}}");
    assertThat(flag.reason()).isEqualTo("invalidFlagValue");
    assertThat(get("instances/orders").body().path("settings").path("settingsVersion").asText())
        .isEqualTo("2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ", \"tier\": \"db-n1-standard-1\"",
        ", \"tier\": \"db-custom-3-8192\"",
        ", \"tier\": \"db-custom-1-8192\"",
        ", \"tier\": \"db-perf-optimized-N-2\"",
        ", \"edition\": \"ENTERPRISE_PLUS\"",
        ", \"dataDiskSizeGb\": \"9\"",
        ", \"dataDiskType\": \"PD_FAST\"",
        ", \"dataDiskType\": \"HYPERDISK_BALANCED\"",
        ", \"tier\": \"db-custom-N4-4-16384\", \"dataDiskType\": \"PD_SSD\"",
        ", \"tier\": \"db-custom-N4-4-16384\", \"edition\": \"ENTERPRISE_PLUS\"",
        ", \"tier\": \"db-custom-N4-4-16384\", \"dataDiskSizeGb\": \"19\"",
        ", \"availabilityType\": \"REGIONAL\"",
        ", \"backupConfiguration\": {\"pointInTimeRecoveryEnabled\": true}",
        ", \"backupConfiguration\": {\"startTime\": \"3 am\"}",
        ", \"backupConfiguration\": {\"transactionLogRetentionDays\": 8}",
        ", \"backupConfiguration\": {\"backupRetentionSettings\": {\"retainedBackups\": 366}}",
        ", \"finalBackupConfig\": {\"enabled\": false, \"retentionDays\": 7}",
        ", \"finalBackupConfig\": {\"enabled\": true, \"retentionDays\": 366}",
        ", \"maintenanceWindow\": {\"day\": 8, \"hour\": 1}",
        ", \"ipConfiguration\": {\"ipv4Enabled\": false}",
        ", \"ipConfiguration\": {\"authorizedNetworks\": [{\"value\": \"::/0\"}]}",
        ", \"ipConfiguration\": {\"authorizedNetworks\": [{\"value\": \"300.1.2.3/24\"}]}",
        ", \"ipConfiguration\": {\"authorizedNetworks\": [{\"value\": \"1.2.3.4/33\"}]}",
        ", \"userLabels\": {\"Team\": \"one\"}"
      })
  void whatTheServiceRefusesIsRefused(String settings) throws Exception {
    Answer refused = send("POST", "instances", minimal(settings));
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.reason()).isEqualTo("invalid");
    assertThat(get("instances").body().has("items")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, instances/orders/export, export",
    "POST, instances/orders/truncateLog, truncateLog",
    "PUT, instances/orders, PUT",
    "GET, instances?filter=nonsense, filter",
    "GET, flags, flags"
  })
  void whatIsNotSimulatedIsSaidSo(String method, String path, String what) throws Exception {
    done(send("POST", "instances", minimal("")));
    Answer answer = send(method, path, "");
    assertThat(answer.status()).isEqualTo(501);
    assertThat(answer.message()).contains("does not simulate").contains(what);
    assertThat(google.notSimulated()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ", \"timeZone\": \"UTC\"",
        ", \"ipConfiguration\": {\"sslMode\": \"TRUSTED_CLIENT_CERTIFICATE_REQUIRED\"}"
      })
  void aFieldThatIsNotSimulatedIsSaidSo(String settings) throws Exception {
    Answer answer = send("POST", "instances", minimal(settings));
    assertThat(answer.status()).isEqualTo(501);
    assertThat(answer.message()).contains("does not simulate");
  }

  @Test
  void aFinalBackupIsASettingOnly() throws Exception {
    String on = "\"finalBackupConfig\": {\"enabled\": true, \"retentionDays\": 30}";
    done(send("POST", "instances", minimal(", " + on)));
    Answer deletion = send("DELETE", "instances/orders", "");
    assertThat(deletion.status()).isEqualTo(501);
    assertThat(deletion.message()).contains("a final backup");
    Answer parameter = send("DELETE", "instances/orders?enableFinalBackup=false", "");
    assertThat(parameter.status()).as("what it does to the setting").isEqualTo(501);

    done(
        send(
            "PATCH",
            "instances/orders",
            "{\"settings\": {\"finalBackupConfig\": {\"enabled\": false}}}"));
    assertThat(get("instances/orders").body().at("/settings/finalBackupConfig").toString())
        .isEqualTo("{\"enabled\":false}");
    done(send("DELETE", "instances/orders", ""));
    assertThat(get("instances/orders").status()).isEqualTo(404);
  }

  private List<JsonNode> backups() throws Exception {
    List<JsonNode> all = new ArrayList<>();
    get("backups").body().path("backups").forEach(all::add);
    return all;
  }

  @Test
  void aDeletionLeavesBackupsWhenItIsTakenAndNotBefore() throws Exception {
    done(send("POST", "instances", minimal(", \"backupConfiguration\": {\"enabled\": true}")));
    done(send("POST", "instances/orders/backupRuns", "{}"));
    assertThat(backups())
        .extracting(backup -> backup.path("type").asText())
        .containsExactlyInAnyOrder("ON_DEMAND", "AUTOMATED");
    // Of no operation of the service's, so that nothing but the engine refuses the deletion.
    var unused = cloud.lifeCycle().stop(new ResourceKey("shop-project", "orders"));
    assertThat(send("DELETE", "instances/orders", "").status()).isEqualTo(409);
    clock.advanceUntilIdle();
    assertThat(backups())
        .extracting(backup -> backup.path("state").asText())
        .containsExactly("SUCCESSFUL", "SUCCESSFUL");

    done(send("PATCH", "instances/orders", "{\"settings\": {\"retainBackupsOnDelete\": true}}"));
    String gone = done(send("DELETE", "instances/orders", "")).path("endTime").asText();
    assertThat(backups())
        .extracting(backup -> backup.path("instanceDeletionTime").asText())
        .as("one deletion, one time")
        .containsExactly(gone, gone);
    clock.advance(Duration.ofDays(2));
    assertThat(backups()).hasSize(1);
    assertThat(backups().get(0).path("type").asText()).isEqualTo("ON_DEMAND");
    assertThat(backups().get(0).path("instanceDeletionTime").asText()).isEqualTo(gone);
  }

  @Test
  void theQuotaOfAProjectIsKept() throws Exception {
    for (String name : new String[] {"one", "two"}) {
      assertThat(send("POST", "instances", minimal("").replace("orders", name)).status())
          .isEqualTo(200);
    }
    Answer third = send("POST", "instances", minimal("").replace("orders", "three"));
    assertThat(third.status()).isEqualTo(403);
    assertThat(third.reason()).isEqualTo("quotaExceeded");
  }

  @Test
  void bothVersionsOfTheApiAndPackedBodiesAreUnderstood() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream packed = new GZIPOutputStream(bytes)) {
      packed.write(minimal("").getBytes(StandardCharsets.UTF_8));
    }
    Answer created =
        send(
            to("/v1/projects/shop-project/instances")
                .header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(bytes.toByteArray()))
                .build());
    assertThat(created.body().path("selfLink").asText())
        .startsWith("https://sqladmin.googleapis.com/v1/projects/shop-project/operations/");
    clock.advance(Duration.ofMinutes(10));
    // As Google's library sends a PATCH over HttpURLConnection.
    Answer patched =
        send(
            to("/v1/projects/shop-project/instances/orders")
                .header("X-HTTP-Method-Override", "PATCH")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"settings\": {\"userLabels\": {\"team\": \"two\"}}}"))
                .build());
    assertThat(patched.body().path("operationType").asText()).isEqualTo("UPDATE");
    Answer broken = send("POST", "instances", "{\"rootPassword\": \"very-secret\"");
    assertThat(broken.reason()).isEqualTo("parseError");
    assertThat(broken.message()).doesNotContain("very-secret");
  }

  @Test
  void whoDoesNotShowTheTokenOfTheRunIsNobody() throws Exception {
    String evil =
        minimal(
            ", \"databaseFlags\": [{\"name\": \"shared_preload_libraries\", \"value\": \"/anywhere/x\"}]");
    for (String token : new String[] {"", "Bearer x", "Basic " + google.secret().resolve()}) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(google.endpoint().resolve(PROJECT + "instances"))
              .POST(HttpRequest.BodyPublishers.ofString(evil));
      Answer refused =
          send((token.isEmpty() ? request : request.header("Authorization", token)).build());
      assertThat(refused.status()).isEqualTo(401);
      assertThat(refused.body().path("error").path("status").asText()).isEqualTo("UNAUTHENTICATED");
    }
    Answer known = send("POST", "instances", evil);
    assertThat(known.status()).isEqualTo(400);
    assertThat(cloud.list("shop-project")).isEmpty();
  }
}
