/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.instance;

import io.clouddb.DataSize;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The compute of an instance: either the vendor's own name of a class, or the least that is needed,
 * for which the provider takes the smallest class that has it.
 *
 * @param nativeName the vendor's name, for example {@code db.m7g.large}; null when cpus and memory
 *     are given
 * @param cpus the least number of virtual CPUs; 0 when a name is given
 * @param memory the least memory; null when a name is given
 */
public record InstanceSize(@Nullable String nativeName, int cpus, @Nullable DataSize memory) {
  /**
   * A class by the vendor's own name.
   *
   * @param nativeName for example {@code db.m7g.large}, {@code Standard_D2ds_v5}, {@code
   *     db-custom-2-8192}
   * @return the size
   */
  public static InstanceSize named(String nativeName) {
    return new InstanceSize(nativeName, 0, null);
  }

  /**
   * The smallest class that has at least this much.
   *
   * @param cpus virtual CPUs
   * @param memory memory
   * @return the size
   */
  public static InstanceSize atLeast(int cpus, DataSize memory) {
    return new InstanceSize(null, cpus, memory);
  }

  /**
   * The vendor's own name.
   *
   * @return the name, empty when the least cpus and memory are given
   */
  public Optional<String> name() {
    return Optional.ofNullable(nativeName);
  }

  @Override
  public String toString() {
    return nativeName != null ? nativeName : "at least " + cpus + " vCPU and " + memory;
  }
}
