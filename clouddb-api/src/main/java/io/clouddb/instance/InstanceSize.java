/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.instance;

import io.clouddb.DataSize;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The compute of an instance: either the vendor's own name of a class, or the least that is needed,
 * for which the provider takes the smallest class that has it. Immutable.
 */
public final class InstanceSize {
  private final @Nullable String name;
  private final @Nullable Integer cpus;
  private final @Nullable DataSize memory;

  private InstanceSize(@Nullable String name, @Nullable Integer cpus, @Nullable DataSize memory) {
    this.name = name;
    this.cpus = cpus;
    this.memory = memory;
  }

  /**
   * A class by the vendor's own name.
   *
   * @param name for example {@code db.m7g.large}, {@code Standard_D2ds_v5}, {@code
   *     db-custom-2-8192}
   * @return the size
   */
  public static InstanceSize named(String name) {
    return new InstanceSize(Objects.requireNonNull(name, "name"), null, null);
  }

  /**
   * The smallest class that has at least this much.
   *
   * @param cpus virtual CPUs
   * @param memory memory
   * @return the size
   */
  public static InstanceSize atLeast(int cpus, DataSize memory) {
    return new InstanceSize(null, cpus, Objects.requireNonNull(memory, "memory"));
  }

  /**
   * The vendor's own name.
   *
   * @return the name; empty when the least cpus and memory are given
   */
  public Optional<String> name() {
    return Optional.ofNullable(name);
  }

  /**
   * The least number of virtual CPUs.
   *
   * @return the number; empty when a name is given
   */
  public Optional<Integer> cpus() {
    return Optional.ofNullable(cpus);
  }

  /**
   * The least memory.
   *
   * @return the memory; empty when a name is given
   */
  public Optional<DataSize> memory() {
    return Optional.ofNullable(memory);
  }

  private @Nullable Object[] parts() {
    return new @Nullable Object[] {name, cpus, memory};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof InstanceSize that && Arrays.equals(parts(), that.parts());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(parts());
  }

  @Override
  public String toString() {
    return name != null ? name : "at least " + cpus + " vCPU and " + memory;
  }
}
