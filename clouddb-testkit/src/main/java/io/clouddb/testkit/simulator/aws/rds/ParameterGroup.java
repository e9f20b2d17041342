/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.rds;

import io.clouddb.testkit.simulator.aws.AwsError;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A DB parameter group.
 *
 * @param name its name, in lower case
 * @param family for example {@code postgres16}
 * @param description its description
 * @param parameters those that were set
 * @param tags key to value
 */
record ParameterGroup(
    String name,
    String family,
    String description,
    Map<String, String> parameters,
    Map<String, String> tags) {
  private static final String FAMILY = "postgres";

  ParameterGroup {
    parameters = Map.copyOf(parameters);
    tags = Map.copyOf(tags);
  }

  /** The one that every family has, and nobody can change. */
  static ParameterGroup byDefault(int major) {
    return new ParameterGroup(
        "default." + FAMILY + major,
        FAMILY + major,
        "Default parameter group for " + FAMILY + major,
        Map.of(),
        Map.of());
  }

  int major() {
    return InstanceRules.major(family.substring(FAMILY.length()));
  }

  static void checkFamily(String family) {
    if (!family.startsWith(FAMILY)) {
      throw AwsError.value(
          "ParameterGroupFamily " + family + " is not a valid parameter group" + " family");
    }
    try {
      InstanceRules.major(family.substring(FAMILY.length()));
    } catch (AwsError e) {
      throw AwsError.value(
          "ParameterGroupFamily " + family + " is not a valid parameter group" + " family");
    }
  }

  ParameterGroup setting(Map<String, String> values) {
    Map<String, String> all = new LinkedHashMap<>(parameters);
    all.putAll(values);
    return new ParameterGroup(name, family, description, all, tags);
  }

  ParameterGroup tagged(Map<String, String> all) {
    return new ParameterGroup(name, family, description, parameters, all);
  }
}
