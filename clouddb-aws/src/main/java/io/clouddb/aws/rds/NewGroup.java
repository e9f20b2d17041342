/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import java.util.Map;

/**
 * A DB parameter group that an operation makes.
 *
 * @param name its name, which holds the operation's id
 * @param family for example {@code postgres16}
 * @param parameters what it is filled with
 */
record NewGroup(String name, String family, Map<String, String> parameters) {
  NewGroup {
    parameters = Map.copyOf(parameters);
  }

  /** Whether it lets connections in without TLS. */
  boolean opens() {
    return ParameterFields.opens(parameters);
  }
}
