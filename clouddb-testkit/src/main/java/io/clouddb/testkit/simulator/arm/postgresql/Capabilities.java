/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm.postgresql;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.arm.ArmCall;
import io.clouddb.testkit.simulator.arm.ArmJson;
import io.clouddb.testkit.simulator.arm.ArmRoutes;
import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import io.clouddb.testkit.simulator.engine.Verb;
import io.clouddb.testkit.simulator.http.SimulatedResponse;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What every location has to offer: the sizes that the capabilities of a location were recorded
 * with, all on one page as there, and the versions of PostgreSQL that there are databases for.
 */
final class Capabilities {
  private static final int GIB = 1024;

  private record Size(String name, int cpus, int mibPerCpu) {}

  private static final List<Size> BURSTABLE =
      Stream.concat(
              Stream.of(
                  new Size("Standard_B1ms", 1, 2 * GIB), new Size("Standard_B2s", 2, 2 * GIB)),
              IntStream.of(2, 4, 8, 12, 16, 20)
                  .mapToObj(cpus -> new Size("Standard_B" + cpus + "ms", cpus, 4 * GIB)))
          .toList();

  private static final List<Size> GENERAL_PURPOSE =
      Stream.of("s_v3", "ds_v4", "ads_v5", "ds_v5")
          .flatMap(
              series ->
                  IntStream.of(2, 4, 8, 16, 32, 48, 64, 96)
                      .filter(cpus -> cpus < 96 || series.endsWith("v5"))
                      .mapToObj(cpus -> new Size("Standard_D" + cpus + series, cpus, 4 * GIB)))
          .toList();

  private static final List<Size> MEMORY_OPTIMIZED =
      Stream.of("s_v3", "ds_v4", "ads_v5", "ds_v5")
          .flatMap(
              series ->
                  IntStream.of(2, 4, 8, 16, 20, 32, 48, 64, 96)
                      .filter(cpus -> cpus < 96 || series.endsWith("v5"))
                      .filter(cpus -> cpus != 20 || !series.endsWith("v3"))
                      .mapToObj(
                          cpus ->
                              new Size(
                                  "Standard_E" + cpus + series, cpus, mibPerCpu(cpus, series))))
          .toList();

  private Capabilities() {}

  private static int mibPerCpu(int cpus, String series) {
    if (cpus == 96) {
      return 7 * GIB;
    }
    return cpus == 64 && !series.endsWith("v5") ? 6912 : 8 * GIB;
  }

  static void register(ArmRoutes.Under location) {
    location.add(
        "CapabilitiesByLocation_List",
        Verb.LIST,
        "capabilities",
        "GET",
        "capabilities",
        Capabilities::list);
  }

  /** Tells whether a size can be had. */
  static boolean has(String name) {
    return Stream.of(BURSTABLE, GENERAL_PURPOSE, MEMORY_OPTIMIZED)
        .flatMap(List::stream)
        .anyMatch(size -> size.name().equalsIgnoreCase(name));
  }

  private static SimulatedResponse list(ArmCall call) {
    if (!call.apiVersion().equals(ArmVersions.NEWEST)) {
      throw new NotSimulatedException("capabilities of the API version " + call.apiVersion());
    }
    ObjectNode body = ArmJson.object();
    ObjectNode capability = body.putArray("value").addObject();
    capability.put("name", "FlexibleServerCapabilities");
    ArrayNode editions = capability.putArray("supportedServerEditions");
    edition(editions, "Burstable", "Standard_B1ms", BURSTABLE);
    edition(editions, "GeneralPurpose", "Standard_D4ds_v5", GENERAL_PURPOSE);
    edition(editions, "MemoryOptimized", "Standard_E4ds_v5", MEMORY_OPTIMIZED);
    ArrayNode versions = capability.putArray("supportedServerVersions");
    List<String> majors = ArmVersions.majors(call.apiVersion());
    for (int i = 0; i < majors.size(); i++) {
      ObjectNode version = versions.addObject();
      version.putArray("supportedFeatures");
      version.put("name", majors.get(i));
      ArrayNode later = version.putArray("supportedVersionsToUpgrade");
      majors.subList(i + 1, majors.size()).forEach(later::add);
    }
    ArrayNode features = capability.putArray("supportedFeatures");
    features.addObject().put("name", "ZoneRedundantHa").put("status", "Enabled");
    String region = call.part("location").replace(" ", "").toLowerCase(Locale.ROOT);
    features
        .addObject()
        .put("name", "GeoBackup")
        .put("status", PairedRegions.haveGeoBackup(region) ? "Enabled" : "Disabled");
    features.addObject().put("name", "OfferRestricted").put("status", "Disabled");
    return ArmJson.json(200, body);
  }

  private static void edition(ArrayNode editions, String name, String usual, List<Size> sizes) {
    ObjectNode edition = editions.addObject();
    ArrayNode skus = edition.putArray("supportedServerSkus");
    for (Size size : sizes) {
      ObjectNode sku = skus.addObject();
      sku.putArray("supportedFeatures");
      sku.put("name", size.name());
      sku.put("vCores", size.cpus());
      sku.put("supportedMemoryPerVcoreMb", size.mibPerCpu());
      sku.putArray("supportedZones").add("1").add("2").add("3");
      sku.putArray("supportedHaMode").add("SameZone").add("ZoneRedundant");
    }
    edition.put("name", name);
    edition.put("defaultSkuName", usual);
    edition.putArray("supportedStorageEditions");
  }
}
