/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.clouddb.testkit.simulator.engine.ManualClock;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import io.clouddb.testkit.simulator.server.ManagedServers;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The simulator's answers beside what Azure answered: {@code arm-shapes.txt} has the facts and
 * their source.
 */
class ArmShapesTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String SUBSCRIPTION = "00000000-0000-0000-0000-000000000000";
  private static final String GROUP = "/subscriptions/" + SUBSCRIPTION + "/resourceGroups/rg-1";
  private static final String SERVERS =
      GROUP + "/providers/Microsoft.DBforPostgreSQL/flexibleServers";
  private static final String SERVER = SERVERS + "/server-1";
  private static final String PASSWORD = "Sup3r-secret!";
  private static final String CREATE =
      "{'location':'eastus','name':'server-1','properties':{'administratorLogin':'my_admin',"
          + "'administratorLoginPassword':'"
          + PASSWORD
          + "','storage':{'storageSizeGB':128},'version':'16'},"
          + "'sku':{'name':'Standard_D4s_v3','tier':'GeneralPurpose'}}";

  private final Map<String, List<String>> facts = facts();
  private final ManualClock clock = SimulatedClock.manual(Instant.parse("2026-01-01T00:00:00Z"));
  private final SimulatedAzure azure =
      SimulatedAzure.builder()
          .clock(clock)
          .subscription(SUBSCRIPTION)
          .resourceGroup("other")
          .region("westus2")
          .start();
  private final ManagedServers cloud = azure.servers();
  private final HttpClient http = HttpClient.newHttpClient();
  private String version = "2025-08-01";

  @AfterEach
  void close() {
    // The last first; each of them, whatever another says.
    try (clock;
        azure) {
      // Closed by leaving.
    }
  }

  private static Map<String, List<String>> facts() {
    Map<String, List<String>> facts = new LinkedHashMap<>();
    try (InputStream in =
        Objects.requireNonNull(ArmShapesTest.class.getResourceAsStream("arm-shapes.txt"))) {
      List<String> current = List.of();
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
        if (line.startsWith("[")) {
          current = new java.util.ArrayList<>();
          facts.put(line.substring(1, line.length() - 1), current);
        } else if (!line.isBlank() && !line.startsWith("#")) {
          current.add(line);
        }
      }
      return facts;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private HttpResponse<String> send(String method, String target, String body) throws Exception {
    String url =
        target.startsWith("http")
            ? target
            : azure.endpoint()
                + target
                + "?api-version="
                + (target.equals(GROUP) ? "2020-06-01" : version);
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

  private void matches(String name, HttpResponse<String> response) throws Exception {
    List<String> expected = Objects.requireNonNull(facts.get(name), name);
    JsonNode body = MAPPER.readTree(response.body());
    assertThat("status " + response.statusCode()).as(name).isEqualTo(expected.get(0));
    assertThat(leaves("", body))
        .as("leaves of %s", name)
        .containsExactlyElementsOf(with("leaf ", expected));
    for (String header : with("header ", expected)) {
      assertThat(response.headers().firstValue(header)).as("%s: %s", name, header).isPresent();
    }
    for (String code : with("code ", expected)) {
      assertThat(body.at("/error/code").asText()).isEqualTo(code);
    }
    for (String message : with("message ", expected)) {
      String pattern =
          java.util.Arrays.stream(message.split("\\*", -1))
              .map(Pattern::quote)
              .collect(Collectors.joining("[-.a-z0-9]+"));
      assertThat(body.at("/error/message").asText()).matches(pattern);
    }
  }

  private static List<String> with(String prefix, List<String> lines) {
    return lines.stream()
        .filter(line -> line.startsWith(prefix))
        .map(line -> line.substring(prefix.length()))
        .toList();
  }

  private static Set<String> leaves(String path, JsonNode node) {
    Set<String> leaves = new TreeSet<>();
    if (node.isObject()) {
      node.properties()
          .forEach(
              field ->
                  leaves.addAll(
                      leaves(
                          path.isEmpty() ? field.getKey() : path + "." + field.getKey(),
                          field.getValue())));
    } else {
      leaves.add(path + " " + node.getNodeType().toString().toLowerCase(Locale.ROOT));
    }
    return leaves;
  }

  private static String operation(HttpResponse<String> accepted) {
    return accepted.headers().firstValue("azure-asyncoperation").orElseThrow();
  }

  @Test
  void answersAsAzureDid() throws Exception {
    version = "2022-12-01";
    matches("Servers_Delete missing group", send("DELETE", SERVER, ""));
    matches(
        "ResourceGroups_CreateOrUpdate",
        send("PUT", GROUP, "{'location':'westus2','name':'rg-1','tags':{'CreatedAt':'now'}}"));
    matches("ResourceGroups_Get", send("GET", GROUP, ""));
    matches("Servers_Get missing", send("GET", SERVER, ""));
    HttpResponse<String> created = send("PUT", SERVER, CREATE.replace("'16'", "'14'"));
    matches("Servers_Create", created);
    assertThat(created.body()).contains("UpsertServerManagementOperationV2");
    matches("AzureAsyncOperation_Get running", send("GET", operation(created), ""));
    assertThat(send("GET", operation(created), "").body()).contains("\"InProgress\"");
    String location = created.headers().firstValue("location").orElseThrow();
    assertThat(send("GET", location, "").statusCode()).isEqualTo(202);
    clock.advanceUntilIdle();
    matches("AzureAsyncOperation_Get succeeded", send("GET", operation(created), ""));
    assertThat(send("GET", operation(created), "").body()).contains("\"Succeeded\"");
    assertThat(send("GET", location, "").statusCode()).isEqualTo(204);
    // Recorded: 404 for a while after the creation has succeeded.
    matches("Servers_Get missing", send("GET", SERVER, ""));
    assertThat(names(send("GET", SERVERS, ""))).isEmpty();
    clock.advance(Duration.ofSeconds(20));
    assertThat(names(send("GET", SERVERS, ""))).containsExactly("server-1");
    // With its first backup, as recorded of some.
    clock.advance(Duration.ofMinutes(10));
    HttpResponse<String> server = send("GET", SERVER, "");
    matches("Servers_Get", server);
    version = "2025-08-01";
    matches("Servers_Get 2024-08-01", send("GET", SERVER, ""));
    version = "2022-12-01";
    assertThat(MAPPER.readTree(server.body()).at("/location").asText()).isEqualTo("East US");
    assertThat(server.body()).doesNotContain(PASSWORD).doesNotContain("dministratorLoginPass");

    matches("FirewallRules_Get missing", send("GET", SERVER + "/firewallRules/rule-1", ""));
    matches(
        "FirewallRules_CreateOrUpdate",
        send(
            "PUT",
            SERVER + "/firewallRules/rule-1",
            "{'name':'rule-1','properties':{'endIpAddress':'1.2.3.4',"
                + "'startIpAddress':'1.2.3.4'}}"));
    matches("FirewallRules_Get", send("GET", SERVER + "/firewallRules/rule-1", ""));
    matches("Databases_Get missing", send("GET", SERVER + "/databases/db-1", ""));
    matches(
        "Databases_Create",
        send("PUT", SERVER + "/databases/db-1", "{'properties':{'charset':'utf8'}}"));
    matches("Databases_Get", send("GET", SERVER + "/databases/db-1", ""));
    matches(
        "Configurations_Put",
        send(
            "PUT",
            SERVER + "/configurations/work_mem",
            "{'properties':{'source':'user-override','value':'8192'}}"));
    clock.advanceUntilIdle();
    matches("Configurations_Get", send("GET", SERVER + "/configurations/work_mem", ""));
    matches(
        "Configurations_Get", send("GET", SERVER + "/configurations/require_secure_transport", ""));
    matches(
        "Configurations_Get", send("GET", SERVER + "/configurations/pg_qs.query_capture_mode", ""));
    assertThat(azure.bugs()).isEmpty();
    assertThat(azure.notSimulated()).isEmpty();
    assertThat(azure.requests().toString()).doesNotContain(PASSWORD);
  }

  @Test
  void listsPutsTheRestOnFurtherPagesAndDeletes() throws Exception {
    send("PUT", GROUP, "{'location':'westus2'}");
    send("PUT", SERVER, CREATE);
    clock.advanceUntilIdle();
    send("PUT", SERVER + "/databases/db-1", "{'properties':{}}");
    send(
        "PUT",
        SERVER + "/firewallRules/rule-1",
        "{'properties':{'startIpAddress':'1.2.3.4','endIpAddress':'1.2.3.4'}}");
    assertThat(names(send("GET", SERVER + "/databases", ""))).containsExactly("db-1", "postgres");
    for (String name : List.of("-rule", "rule-", "r".repeat(81))) {
      String rule = "{'properties':{'startIpAddress':'1.2.3.4','endIpAddress':'1.2.3.4'}}";
      assertThat(send("PUT", SERVER + "/firewallRules/" + name, rule).statusCode()).isEqualTo(400);
    }
    assertThat(names(send("GET", SERVER + "/firewallRules", ""))).containsExactly("rule-1");
    assertThat(names(send("GET", SERVER + "/configurations", "")))
        .contains("wal_level", "work_mem", "require_secure_transport");
    assertThat(send("DELETE", SERVER + "/databases/db-1", "").statusCode()).isEqualTo(202);
    assertThat(send("DELETE", SERVER + "/firewallRules/rule-1", "").statusCode()).isEqualTo(202);
    assertThat(send("DELETE", SERVER + "/firewallRules/rule-1", "").statusCode()).isEqualTo(204);
    assertThat(names(send("GET", SERVER + "/databases", ""))).containsExactly("postgres");
    assertThat(names(send("GET", SERVER + "/firewallRules", ""))).isEmpty();
    HttpResponse<String> deletion = send("DELETE", SERVER, "");
    assertThat(deletion.statusCode()).isEqualTo(202);
    // Recorded: a deletion's URLs hold the region's display name.
    assertThat(operation(deletion)).contains("/locations/East%20US/azureAsyncOperation/");
    assertThat(send("GET", operation(deletion), "").statusCode()).isEqualTo(200);
    clock.advanceUntilIdle();
    assertThat(send("DELETE", SERVER, "").statusCode()).isEqualTo(204);
    assertThat(azure.bugs()).isEmpty();
  }

  private static List<String> names(HttpResponse<String> response) throws Exception {
    List<String> names = new java.util.ArrayList<>();
    MAPPER
        .readTree(response.body())
        .at("/value")
        .forEach(node -> names.add(node.at("/name").asText()));
    return names;
  }

  @Test
  void refusesWhatAzureRefuses() throws Exception {
    send("PUT", GROUP, "{'location':'westus2'}");
    refused("MissingRequiredParameter", 400, CREATE.replace("'location':'eastus',", ""));
    refused("ParameterOutOfRange", 400, CREATE.replace("128", "100"));
    refused("ParameterOutOfRange", 400, CREATE.replace("'16'", "'9.6'"));
    version = "2022-12-01";
    refused("ParameterOutOfRange", 400, CREATE);
    version = "2025-08-01";
    refused("InvalidParameterValue", 400, CREATE.replace("my_admin", "azure_superuser"));
    refused("InvalidParameterValue", 400, CREATE.replace(PASSWORD, "password"));
    refused("InvalidRequestContent", 400, "{");
    refused(
        "ParameterOutOfRange",
        400,
        CREATE.replace("'version'", "'backup':{'backupRetentionDays':3},'version'"));
    refused(
        "MissingRequiredParameter",
        400,
        CREATE.replace("'version'", "'network':{'delegatedSubnetResourceId':'x'},'version'"));
    refused("NotSimulated", 501, CREATE.replace("'version'", "'replicaCapacity':3,'version'"));
    // Azure ignores the case of a tag's name.
    refused(
        "NotSimulated",
        501,
        CREATE.replace("'location'", "'tags':{'Env':'a','env':'b'},'location'"));
    assertThat(code(send("GET", azure.endpoint() + SERVER + "?api-version=2017-12-01", "")))
        .isEqualTo("NoRegisteredProviderFound");
    assertThat(code(send("GET", SERVER.replace(SUBSCRIPTION, "nobody"), "")))
        .isEqualTo("SubscriptionNotFound");
    assertThat(code(send("GET", "/subscriptions/x/unknown", ""))).isEqualTo("NotSimulated");
    send("PUT", SERVER, CREATE);
    String elsewhere = SERVER.replace("rg-1", "other");
    assertThat(code(send("PUT", elsewhere, CREATE))).isEqualTo("ServerNameAlreadyExists");
    clock.advanceUntilIdle();
    assertThat(code(send("PATCH", SERVER, "{'properties':{'storage':{'storageSizeGB':64}}}")))
        .isEqualTo("ParameterOutOfRange");
    assertThat(
            code(send("PUT", SERVER + "/configurations/nonsense", "{'properties':{'value':'1'}}")))
        .isEqualTo("ResourceNotFound");
    assertThat(
            code(send("PUT", SERVER + "/configurations/work_mem", "{'properties':{'value':'x'}}")))
        .isEqualTo("InvalidParameterValue");
    assertThat(azure.bugs()).isEmpty();
    assertThat(azure.requests().toString()).doesNotContain(PASSWORD);
  }

  /** Recorded: 3,006 requests, and none was refused at once for the server's state. */
  @Test
  void acceptsWhatAServerCannotDoAndFailsItLater() throws Exception {
    send("PUT", GROUP, "{'location':'westus2'}");
    failed(
        "ServerEditionIncompatibleWithSkuSize",
        send("PUT", SERVER, CREATE.replace("GeneralPurpose", "Burstable")));
    failed(
        "HANotSupportedForBurstableSkuWithMoreInfo",
        send(
            "PUT",
            SERVER,
            CREATE
                .replace("'Standard_D4s_v3'", "'Standard_B2s'")
                .replace("GeneralPurpose", "Burstable")
                .replace("'version'", "'highAvailability':{'mode':'ZoneRedundant'},'version'")));
    assertThat(cloud.list(SUBSCRIPTION + "/rg-1")).isEmpty();
    send("PUT", SERVER, CREATE);
    // Published so of a server that was "Updating", after a change of a parameter.
    failed("ServerIsNotReady", send("POST", SERVER + "/restart", ""));
    failed("ServerIsNotReady", send("POST", SERVER + "/stop", ""));
    failed("ServerBusy", send("PUT", SERVER + "/databases/db-1", "{'properties':{}}"));
    failed("ServerBusy", send("PATCH", SERVER, "{'tags':{'a':'b'}}"));
    failed("ServerBusy", send("DELETE", SERVER, ""));
    clock.advanceUntilIdle();
    failed("ServerStateConflict", send("POST", SERVER + "/start", ""));
    send("POST", SERVER + "/stop", "");
    clock.advanceUntilIdle();
    // As reported, what is inside of it is not told, and everything else is.
    for (String inside : List.of("/configurations", "/configurations/work_mem", "/databases")) {
      HttpResponse<String> refused = send("GET", SERVER + inside, "");
      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(refused.body()).contains("\"ServerStoppedError\"");
    }
    assertThat(send("GET", SERVER + "/firewallRules", "").statusCode()).isEqualTo(200);
    // Documented so for a server that is not ready.
    failed("", send("PATCH", SERVER, "{'tags':{'a':'b'}}"));
    failed("", send("PUT", SERVER + "/configurations/work_mem", "{'properties':{'value':'8192'}}"));
    assertThat(azure.bugs()).isEmpty();
  }

  /** As published in reports about the service, of which no recording tells. */
  @Test
  void doesNotDoTogetherWhatAzureDoesNot() throws Exception {
    send("PUT", GROUP, "{'location':'westus2'}");
    send(
        "PUT", SERVER, CREATE.replace("'version'", "'backup':{'backupRetentionDays':9},'version'"));
    clock.advanceUntilIdle();
    String disk =
        "{'properties':{'storage':{'storageSizeGB':%d},'backup':{'backupRetentionDays':%d}}}";
    HttpResponse<String> both = send("PATCH", SERVER, disk.formatted(256, 21));
    clock.advanceUntilIdle();
    assertThat(status(both)).isEqualTo("Succeeded");
    assertThat(show("/storage/storageSizeGB")).isEqualTo("256");
    assertThat(show("/backup/backupRetentionDays")).as("dropped").isEqualTo("9");
    send("PATCH", SERVER, disk.formatted(256, 21));
    clock.advanceUntilIdle();
    assertThat(show("/backup/backupRetentionDays")).isEqualTo("21");
    String availability = "'properties':{'highAvailability':{'mode':'%s'}}";
    String burstable = "'sku':{'name':'Standard_B2s','tier':'Burstable'}";
    send("PATCH", SERVER, "{" + availability.formatted("ZoneRedundant") + "}");
    clock.advanceUntilIdle();
    failed(
        "HANotSupportedForBurstableSkuWithMoreInfo",
        send("PATCH", SERVER, "{" + burstable + "," + availability.formatted("Disabled") + "}"));
    assertThat(show("/highAvailability/mode")).isEqualTo("ZoneRedundant");
    assertThat(azure.bugs()).isEmpty();
  }

  @Test
  void sellsTheDisksOfALocationsCapabilities() throws Exception {
    send("PUT", GROUP, "{'location':'westus2'}");
    refused("ParameterOutOfRange", 400, CREATE.replace(":128", ":32768"));
    refused("ParameterOutOfRange", 400, CREATE.replace(":128", ":100"));
    assertThat(send("PUT", SERVER, CREATE.replace(":128", ":32767")).statusCode()).isEqualTo(202);
  }

  private String status(HttpResponse<String> accepted) throws Exception {
    return MAPPER.readTree(send("GET", operation(accepted), "").body()).at("/status").asText();
  }

  private String show(String property) throws Exception {
    return MAPPER.readTree(send("GET", SERVER, "").body()).at("/properties" + property).asText();
  }

  private void failed(String code, HttpResponse<String> accepted) throws Exception {
    assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
    JsonNode end = MAPPER.readTree(send("GET", operation(accepted), "").body());
    assertThat(end.at("/status").asText()).as("%s", end).isEqualTo("Failed");
    assertThat(end.at("/error/code").asText()).as("%s", end).isEqualTo(code);
    assertThat(end.at("/error/message").asText()).isNotBlank();
  }

  private void refused(String code, int status, String body) throws Exception {
    HttpResponse<String> response = send("PUT", SERVER, body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(code(response)).isEqualTo(code);
    assertThat(response.headers().firstValue("x-ms-request-id")).isPresent();
    assertThat(response.body()).doesNotContain(PASSWORD);
  }

  private static String code(HttpResponse<String> response) throws Exception {
    return MAPPER.readTree(response.body()).at("/error/code").asText();
  }

  @Test
  void whoDoesNotShowTheTokenOfTheRunIsNobody() throws Exception {
    URI server = URI.create(azure.endpoint() + SERVER + "?api-version=" + version);
    for (String token : List.of("", "Bearer x", "bearer " + azure.secret().resolve())) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(server).PUT(HttpRequest.BodyPublishers.ofString("{}"));
      HttpResponse<String> refused =
          http.send(
              (token.isEmpty() ? request : request.header("Authorization", token)).build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(code(refused))
          .isEqualTo(token.isEmpty() ? "AuthenticationFailed" : "InvalidAuthenticationToken");
      assertThat(refused.headers().firstValue("WWW-Authenticate")).isPresent();
    }
  }

  /** A resource group has a location of its own, and holds servers of any. */
  @Test
  void aResourceGroupHoldsServersOfSeveralLocations() throws Exception {
    send("PUT", GROUP, "{'location':'westus2'}");
    send("PUT", SERVER, CREATE);
    send(
        "PUT",
        SERVERS + "/server-2",
        CREATE.replace("server-1", "server-2").replace("eastus", "japaneast"));
    clock.advanceUntilIdle();
    clock.advance(Duration.ofMinutes(1));
    JsonNode servers = MAPPER.readTree(send("GET", SERVERS, "").body()).path("value");
    assertThat(servers)
        .extracting(server -> server.path("location").asText())
        .containsExactly("East US", "Japan East");
    assertThat(azure.bugs()).isEmpty();
  }
}
