/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.azure.postgresql.AzureOnThisMachine.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.DataSize;
import io.clouddb.error.CloudDbException;
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
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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
    first = "";
    server.removeContext("/");
    server.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, 2);
          exchange.getResponseBody().write("{}".getBytes(StandardCharsets.UTF_8));
          exchange.close();
        });
    assertThatThrownBy(this::catalog)
        .isInstanceOf(CloudDbException.class)
        .hasMessageContaining("capabilities");
  }
}
