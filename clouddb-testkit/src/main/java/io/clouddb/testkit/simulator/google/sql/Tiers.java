/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.google.sql;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.google.GoogleCall;
import io.clouddb.testkit.simulator.google.GoogleJson;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The tiers that {@code tiers.list} tells: a part of those of the service, all of them in each of
 * these regions. Custom machines are in no list.
 */
final class Tiers {
  private static final long MIB = 1L << 20;

  /** The numbers of {@code db-f1-micro}, as the service has been seen to tell them. */
  private static final long MICRO = 644_245_094L;

  private static final long SHARED_DISK = 3_279_207_530_496L;
  private static final long DISK = 70_368_744_177_664L;

  private static final List<String> REGIONS =
      List.of(
          "asia-east1",
          "asia-northeast1",
          "asia-northeast3",
          "asia-southeast1",
          "europe-west1",
          "europe-west3",
          "us-central1",
          "us-east1",
          "us-west1");

  private static final List<String> SHARED = List.of("db-f1-micro", "db-g1-small");

  private static final List<String> PLUS =
      Stream.of(
              IntStream.of(2, 4, 8, 16, 32, 48, 64, 80, 96, 128)
                  .mapToObj(cpus -> "db-perf-optimized-N-" + cpus),
              IntStream.of(4, 8, 16, 32, 64).mapToObj(cpus -> "db-perf-optimized-C4-" + cpus),
              IntStream.of(1, 2, 4, 8, 16, 32, 48, 64, 72)
                  .mapToObj(cpus -> "db-c4a-highmem-" + cpus))
          .flatMap(names -> names)
          .toList();

  private Tiers() {}

  /** Tells whether there is a tier of a name, but for custom ones. */
  static boolean has(String name) {
    return SHARED.contains(name) || PLUS.contains(name);
  }

  static ObjectNode list(GoogleCall call) {
    ObjectNode body = GoogleJson.object();
    body.put("kind", "sql#tiersList");
    ArrayNode items = body.putArray("items");
    // Of MySQL; the list is one for all engines.
    tier(items, "db-n1-standard-1", 3840 * MIB, DISK);
    tier(items, SHARED.get(0), MICRO, SHARED_DISK);
    tier(items, SHARED.get(1), MachineRules.memory(SHARED.get(1)) * MIB, SHARED_DISK);
    PLUS.forEach(name -> tier(items, name, MachineRules.memory(name) * MIB, DISK));
    return body;
  }

  private static void tier(ArrayNode items, String name, long memory, long disk) {
    ObjectNode tier = items.addObject();
    tier.put("tier", name);
    tier.put("RAM", String.valueOf(memory));
    tier.put("kind", "sql#tier");
    tier.put("DiskQuota", String.valueOf(disk));
    ArrayNode regions = tier.putArray("region");
    REGIONS.forEach(regions::add);
  }
}
