/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.engine;

import java.util.Objects;

/**
 * What a resource of a simulated cloud is found by.
 *
 * @param scope where names are unique: {@code account/region} on AWS, {@code
 *     subscription/resourceGroup} on Azure, the project on Google Cloud; in the service's own form
 * @param name the resource's name, as the service has normalised it (RDS lowers it)
 */
public record ResourceKey(String scope, String name) {
  /** Refuses null. */
  public ResourceKey {
    Objects.requireNonNull(scope, "scope");
    Objects.requireNonNull(name, "name");
  }

  @Override
  public String toString() {
    return scope + "/" + name;
  }
}
