/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm.postgresql;

import io.clouddb.testkit.simulator.arm.ArmRefusal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The versions of the flexible server's API that are simulated, with the versions of PostgreSQL
 * that their published definitions list, as far as there are databases for them.
 */
final class ArmVersions {
  /** The one that the SDK speaks by itself. */
  static final String OLDEST = "2022-12-01";

  static final String NEWEST = "2025-08-01";

  private static final Map<String, List<Integer>> MAJORS =
      new TreeMap<>(Map.of(OLDEST, List.of(14), NEWEST, List.of(14, 15, 16, 17, 18)));

  private ArmVersions() {}

  static void require(String version) {
    if (!MAJORS.containsKey(version)) {
      throw new ArmRefusal(
          400,
          "NoRegisteredProviderFound",
          "No registered resource provider found for API version '"
              + version
              + "' for type 'flexibleServers'. The supported api-versions are '"
              + String.join(", ", MAJORS.keySet())
              + "'.");
    }
  }

  /** The major versions of PostgreSQL that an API version lists. */
  static List<String> majors(String version) {
    return MAJORS.getOrDefault(version, List.of()).stream().map(String::valueOf).toList();
  }

  /** The major version of PostgreSQL that a request asks for. */
  static int major(String version, String asked) {
    List<Integer> majors = MAJORS.getOrDefault(version, List.of());
    if (majors.stream().noneMatch(major -> asked.equals(String.valueOf(major)))) {
      throw new ArmRefusal(
          400,
          "ParameterOutOfRange",
          "The value of the 'Version' should be in: "
              + majors
              + ". Verify that the specified parameter value is correct.");
    }
    return Integer.parseInt(asked);
  }
}
