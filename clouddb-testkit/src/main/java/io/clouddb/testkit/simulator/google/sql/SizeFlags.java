/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.google.sql;

import com.fasterxml.jackson.databind.JsonNode;
import io.clouddb.testkit.simulator.google.GoogleRefusal;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The flags of which a replica must not have less than the instance that it follows, or its replay
 * stops. Its flags are not its source's: one that is not given has the service's default, which for
 * connections depends on the machine. "Troubleshoot" of
 * https://cloud.google.com/sql/docs/postgres/replication/create-replica says what is refused then;
 * the defaults are those of https://cloud.google.com/sql/docs/postgres/flags.
 */
final class SizeFlags {
  private static final String CONNECTIONS = "max_connections";
  private static final Map<String, Integer> DEFAULTS =
      Map.of(
          "max_locks_per_transaction", 64,
          "max_prepared_transactions", 0,
          "max_wal_senders", 10,
          "max_worker_processes", 8);

  /** From so many MiB of memory on. */
  private static final NavigableMap<Integer, Integer> CONNECTIONS_BY_MEMORY =
      new TreeMap<>(
          Map.of(
              0, 25, 1536, 50, 3840, 100, 6144, 200, 7680, 400, 15_360, 500, 30_720, 600, 61_440,
              800, 122_880, 1000));

  private SizeFlags() {}

  /** What an instance has, whether or not it was given. */
  static Map<String, Integer> of(JsonNode instance) {
    Map<String, Integer> sizes = new LinkedHashMap<>(DEFAULTS);
    int memory = MachineRules.memory(instance.path("settings").path("tier").asText());
    sizes.put(CONNECTIONS, CONNECTIONS_BY_MEMORY.floorEntry(memory).getValue());
    InstanceRules.flags(instance)
        .forEach(
            (name, value) -> {
              String lower = name.toLowerCase(Locale.ROOT);
              // What is no number is refused with all that is wrong with the flags.
              if (sizes.containsKey(lower) && value.matches("[0-9]{1,9}")) {
                sizes.put(lower, Integer.valueOf(value));
              }
            });
    return sizes;
  }

  /**
   * What the server of a replica is told: its flags, and its sizes even where they are defaults,
   * since it would have its source's otherwise.
   */
  static Map<String, String> parameters(JsonNode replica) {
    Map<String, String> parameters = new LinkedHashMap<>();
    of(replica).forEach((name, value) -> parameters.put(name, value.toString()));
    InstanceRules.flags(replica)
        .forEach(
            (name, value) -> {
              parameters.remove(name.toLowerCase(Locale.ROOT));
              parameters.put(name, value);
            });
    return parameters;
  }

  /** Refuses a replica that is smaller than its source. */
  static void requireEnough(JsonNode replica, JsonNode source) {
    Map<String, Integer> has = of(replica);
    of(source)
        .forEach(
            (name, least) -> {
              int value = has.getOrDefault(name, least);
              if (value < least) {
                throw new GoogleRefusal(
                    400,
                    "invalidFlagValue",
                    String.format(
                        "Value requested is not valid. %s is %d at the replica %s, and %d at the"
                            + " instance that it follows.",
                        name, value, replica.path("name").asText(), least));
              }
            });
  }
}
