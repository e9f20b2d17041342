/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.azure.postgresql.AzureOnThisMachine.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.DataSize;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.UnavailableException;
import io.clouddb.instance.Availability;
import io.clouddb.instance.Catalog;
import io.clouddb.instance.CatalogSize;
import io.clouddb.instance.CatalogVersion;
import io.clouddb.instance.Engine;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSize;
import io.clouddb.plan.Plan;
import io.clouddb.spi.RetryPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Capabilities of a location as Azure may tell them: on pages, switched off, restricted. */
class ServerCatalogTest {
  /** As recorded, but for the second size of the edition. */
  private static final String BURSTABLE =
      """
      {"name": "FlexibleServerCapabilities", "supportedServerEditions": [
        {"name": "Burstable", "defaultSkuName": "Standard_B1ms", "supportedServerSkus": [
          {"supportedFeatures": [], "name": "Standard_B2s", "vCores": 2, "supportedIops": 1280,
           "supportedMemoryPerVcoreMb": 2048, "supportedZones": ["1", "2", "3"],
           "supportedHaMode": ["SameZone", "ZoneRedundant"]},
          {"name": "Standard_B20ms", "vCores": 20, "supportedMemoryPerVcoreMb": 4096,
           "status": "Disabled"}]}],
       "supportedFeatures": [{"name": "OfferRestricted", "status": "%s"}]}
      """;

  private static final String GENERAL_PURPOSE =
      """
      {"name": "FlexibleServerCapabilities", "supportedServerEditions": [
        {"name": "GeneralPurpose", "supportedServerSkus": [
          {"name": "Standard_D2ds_v4", "vCores": 2, "supportedMemoryPerVcoreMb": 4096,
           "supportedHaMode": ["SameZone"]},
          {"name": "Standard_D4ds_v4", "vCores": 4, "supportedMemoryPerVcoreMb": 4096,
           "supportedHaMode": ["SameZone", "ZoneRedundant"]}]}],
       "supportedServerVersions": [{"name": "16"}, {"name": "17", "status": "Disabled"}]}
      """;

  /** As recorded of a kind of disks: without a status, and with a reason. */
  private static final String WITHOUT_STATUS =
      """
      {"name": "FlexibleServerCapabilities", "supportedServerEditions": [
        {"name": "GeneralPurpose", "supportedServerSkus": [
          {"name": "Standard_D8ds_v5", "vCores": 8, "supportedMemoryPerVcoreMb": 4096,
           "supportedHaMode": ["SameZone", "ZoneRedundant"]},
          {"name": "Standard_D16ds_v5", "vCores": 16, "supportedMemoryPerVcoreMb": 4096,
           "reason": "Not supported in this region."},
          {"name": "Standard_D32ds_v5", "vCores": 32, "supportedMemoryPerVcoreMb": 4096,
           "status": "Available", "reason": ""}]},
        {"name": "MemoryOptimized", "reason": "Not supported in this region.",
         "supportedServerSkus": [
          {"name": "Standard_E8ds_v5", "vCores": 8, "supportedMemoryPerVcoreMb": 8192}]}]%s}
      """;

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile String first = BURSTABLE.formatted("Disabled");
  private volatile String afterSecond = "";
  private HttpServer server;
  private CloudDb cloud;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    URI here =
        URI.create(
            "http://" + server.getAddress().getHostString() + ":" + server.getAddress().getPort());
    server.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().toString();
          asked.add(path);
          boolean second = path.contains("$skiptoken");
          String next =
              second ? afterSecond : "https://management.azure.com" + path + "&$skiptoken=2";
          byte[] body =
              ("{\"value\": ["
                      + (second ? GENERAL_PURPOSE : first)
                      + "]"
                      + (next.isEmpty() ? "" : ", \"nextLink\": \"" + next + "\"")
                      + "}")
                  .getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    cloud =
        CloudDb.open(
            CloudConfig.builder("azure", "koreacentral")
                .property("subscription", "00000000-0000-0000-0000-000000000001")
                .property("resourceGroup", "g")
                .endpoint(here)
                .retryPolicy(RetryPolicy.NONE)
                .build());
  }

  @AfterEach
  void stop() {
    cloud.close();
    server.stop(0);
  }

  private Catalog catalog() {
    return cloud.instances().catalog(Engine.POSTGRESQL);
  }

  @Test
  void readsAllPagesAndLeavesOutWhatIsSwitchedOff() {
    Catalog catalog = catalog();
    assertThat(asked)
        .hasSize(2)
        .allSatisfy(
            path ->
                assertThat(path)
                    .startsWith(
                        "/subscriptions/00000000-0000-0000-0000-000000000001/providers/"
                            + "Microsoft.DBforPostgreSQL/locations/koreacentral/capabilities"
                            + "?api-version=2025-08-01"));
    assertThat(catalog.sizes())
        .extracting(CatalogSize::name)
        .containsExactly("Standard_B2s", "Standard_D2ds_v4", "Standard_D4ds_v4");
    assertThat(catalog.versions()).extracting(CatalogVersion::version).containsExactly("16");
    CatalogSize b2s = catalog.size("standard_b2s").orElseThrow();
    assertThat(b2s.memory()).contains(DataSize.gib(4));
    assertThat(b2s.tier()).isEqualTo("Burstable");
    assertThat(b2s.zones()).containsExactly("1", "2", "3");
    assertThat(b2s.regional()).as("whatever the list says").contains(false);
  }

  @Test
  void namesTheSmallestThatHasAStandbyWhereTheUsualSizeIsMissing() {
    Plan plan =
        cloud
            .instances()
            .plan(
                spec("orders")
                    .size(InstanceSize.atLeast(2, DataSize.gib(4)))
                    .availability(Availability.REGIONAL)
                    .build(),
                catalog());
    Plan.Entry size =
        plan.entries().stream()
            .filter(entry -> entry.field() == InstanceField.SIZE)
            .findFirst()
            .orElseThrow();
    assertThat(size.text()).contains("koreacentral", "has no size Standard_D2ds_v5");
    assertThat(size.alternative()).contains("Standard_D4ds_v4");
  }

  @Test
  void hasNoSizesWhereTheLocationIsRestricted() {
    first = BURSTABLE.formatted("Enabled");
    assertThat(catalog().sizes()).isEmpty();
    assertThat(catalog().source()).contains("restricted");
  }

  @Test
  void hasNotWhatAzureGivesAReasonAgainst() {
    first = WITHOUT_STATUS.formatted("");
    Catalog catalog = catalog();
    assertThat(catalog.size("Standard_D8ds_v5").orElseThrow().regional()).contains(true);
    assertThat(catalog.size("Standard_D32ds_v5")).isPresent();
    assertThat(catalog.size("Standard_D16ds_v5")).isEmpty();
    assertThat(catalog.size("Standard_E8ds_v5")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"restricted\": \"Enabled\"",
        "\"status\": \"Disabled\"",
        "\"supportedFeatures\": [{\"name\": \"Restricted\", \"status\": \"Enabled\"}]",
        "\"supportedFeatures\": [{\"name\": \"OfferRestricted\", \"status\": \"Enabled\"}]"
      })
  void aLocationIsRestrictedInEachOfTheWaysThatArePublished(String member) {
    first = WITHOUT_STATUS.formatted(", \"reason\": \"Ask for more.\", " + member);
    assertThat(catalog().sizes()).isEmpty();
    assertThat(catalog().source()).contains("restricted").endsWith("; Azure says: Ask for more.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"zoneRedundantHaSupported\": \"Disabled\"",
        "\"supportedFeatures\": [{\"name\": \"ZoneRedundantHa\", \"status\": \"Disabled\"}]"
      })
  void noSizeHasAStandbyInAnotherZoneWhereThereIsNone(String member) {
    first = WITHOUT_STATUS.formatted(", " + member);
    assertThat(catalog().sizes())
        .isNotEmpty()
        .allSatisfy(size -> assertThat(size.regional()).contains(false));
    assertThat(catalog().source()).isEqualTo("Azure: the capabilities of the location");
  }

  /** Of a size without a name nothing could be asked for, and null tells nothing. */
  @Test
  void doesNotGuessWhatIsNotTold() {
    first =
        """
        {"name": "FlexibleServerCapabilities", "status": "Soon", "reason": null,
         "restricted": null, "supportedFeatures": null, "supportedServerEditions": [
          null,
          {"name": "GeneralPurpose", "status": null, "supportedServerSkus": [
            {"vCores": 2, "supportedMemoryPerVcoreMb": 4096},
            {"name": null, "vCores": 2, "supportedMemoryPerVcoreMb": 4096},
            {"name": "Standard_D96ds_v9", "vCores": null, "supportedMemoryPerVcoreMb": null,
             "supportedZones": null, "supportedHaMode": null, "status": "Soon"}]}],
         "supportedServerVersions": [{"status": "Available"}, {"name": "19", "status": "Soon"}]}
        """;
    Catalog catalog = catalog();
    assertThat(catalog.sizes())
        .extracting(CatalogSize::name)
        .containsExactlyInAnyOrder("Standard_D96ds_v9", "Standard_D2ds_v4", "Standard_D4ds_v4");
    CatalogSize size = catalog.size("Standard_D96ds_v9").orElseThrow();
    assertThat(size.regional()).isEmpty();
    assertThat(size.zones()).isEmpty();
    assertThat(size.memory()).isEmpty();
    assertThat(catalog.versions())
        .extracting(CatalogVersion::version)
        .containsExactlyInAnyOrder("19", "16");
  }

  /** In either of two places; what is not told may be there. */
  @Test
  void aLocationSaysWhetherItHasGeoRedundantBackup() {
    assertThat(ServerCatalog.isWithoutGeoBackup(List.of(Map.of("geoBackupSupported", "Disabled"))))
        .isTrue();
    assertThat(
            ServerCatalog.isWithoutGeoBackup(
                List.of(
                    Map.of(
                        "supportedFeatures",
                        List.of(Map.of("name", "GeoBackup", "status", "Disabled"))))))
        .isTrue();
    assertThat(ServerCatalog.isWithoutGeoBackup(List.of(Map.of("geoBackupSupported", "Enabled"))))
        .isFalse();
    assertThat(ServerCatalog.isWithoutGeoBackup(List.of(Map.of()))).isFalse();
  }

  /** What is read here, and what the tests have Azure answer, is of the published definition. */
  @Test
  void theAnswersOfTheseTestsAreOfThePublishedShape() throws Exception {
    Map<String, List<String>> published = PublishedDefinition.capabilities();
    for (String answer :
        List.of(BURSTABLE.formatted("Enabled"), GENERAL_PURPOSE, WITHOUT_STATUS.formatted(""))) {
      checkShape(published, "", new ObjectMapper().readTree(answer));
    }
    assertThat(published.get("supportedServerEditions[].supportedServerSkus[].supportedHaMode[]"))
        .containsExactly("string", "ZoneRedundant", "SameZone");
  }

  private static void checkShape(Map<String, List<String>> published, String path, JsonNode node) {
    if (node.isArray()) {
      node.forEach(each -> checkShape(published, path + "[]", each));
    } else if (node.isObject()) {
      node.properties()
          .forEach(
              member ->
                  checkShape(
                      published,
                      path.isEmpty() ? member.getKey() : path + "." + member.getKey(),
                      member.getValue()));
    } else {
      assertThat(published).containsKey(path);
      List<String> words = Objects.requireNonNull(published.get(path));
      assertThat(node.isNumber() ? "integer" : "string").as(path).isEqualTo(words.get(0));
      if (words.size() > 1) {
        assertThat(words.subList(1, words.size())).as(path).contains(node.asText());
      }
    }
  }

  @Test
  void endsWhenAPageComesAgain() {
    afterSecond =
        "https://management.azure.com/subscriptions/00000000-0000-0000-0000-000000000001/providers/"
            + "Microsoft.DBforPostgreSQL/locations/koreacentral/capabilities?api-version=2025-08-01";
    assertThatThrownBy(this::catalog)
        .isInstanceOf(CloudDbException.class)
        .hasMessageContaining("twice");
  }

  @Test
  void refusesAnAnswerWithoutAList() {
    answerAlways("{}");
    assertThatThrownBy(this::catalog)
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("none of Azure Resource Manager's");
    answerAlways("{\"id\":\"none\"}");
    assertThatThrownBy(this::catalog)
        .isInstanceOf(CloudDbException.class)
        .hasMessageContaining("A list of capabilities came without any");
  }

  private void answerAlways(String body) {
    server.removeContext("/");
    server.createContext(
        "/",
        exchange -> {
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }
}
