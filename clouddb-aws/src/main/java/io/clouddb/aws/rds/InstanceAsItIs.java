/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.rds.model.DBInstance;

/**
 * An instance with the parameters of its DB parameter group, as RDS tells them.
 *
 * @param instance the instance
 * @param parameters those parameters that have a value which is in force, by their names
 */
record InstanceAsItIs(DBInstance instance, Map<String, String> parameters) {
  Optional<String> parameter(String name) {
    return Optional.ofNullable(parameters.get(name));
  }
}
