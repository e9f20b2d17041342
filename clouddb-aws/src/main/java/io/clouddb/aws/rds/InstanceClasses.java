/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.DataSize;
import io.clouddb.instance.InstanceSize;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The DB instance classes among which the smallest that fits is chosen: the burstable T4g up to
 * what costs less than M7g, then M7g and R7g. Source: <em>Hardware specifications for DB instance
 * classes</em>, Amazon RDS User Guide. Every other class can be named.
 */
final class InstanceClasses {
  private record InstanceClass(String name, int cpus, long gib) {}

  private static final List<InstanceClass> KNOWN =
      List.of(
          new InstanceClass("db.t4g.micro", 2, 1),
          new InstanceClass("db.t4g.small", 2, 2),
          new InstanceClass("db.t4g.medium", 2, 4),
          new InstanceClass("db.m7g.large", 2, 8),
          new InstanceClass("db.r7g.large", 2, 16),
          new InstanceClass("db.m7g.xlarge", 4, 16),
          new InstanceClass("db.r7g.xlarge", 4, 32),
          new InstanceClass("db.m7g.2xlarge", 8, 32),
          new InstanceClass("db.r7g.2xlarge", 8, 64),
          new InstanceClass("db.m7g.4xlarge", 16, 64),
          new InstanceClass("db.r7g.4xlarge", 16, 128),
          new InstanceClass("db.m7g.8xlarge", 32, 128),
          new InstanceClass("db.r7g.8xlarge", 32, 256),
          new InstanceClass("db.m7g.12xlarge", 48, 192),
          new InstanceClass("db.r7g.12xlarge", 48, 384),
          new InstanceClass("db.m7g.16xlarge", 64, 256),
          new InstanceClass("db.r7g.16xlarge", 64, 512));

  /** The most of either among the known classes. */
  static final int MOST_CPUS = 64;

  static final int MOST_GIB = 512;

  private static final String PREFIX = "db.";

  private InstanceClasses() {}

  /** The class for a size; empty when there is none, or the name is no class of RDS. */
  static Optional<String> choose(InstanceSize size) {
    if (size.name().isPresent()) {
      return size.name().filter(name -> name.startsWith(PREFIX));
    }
    DataSize memory = size.memory().orElse(DataSize.gib(0));
    int cpus = size.cpus().orElse(0);
    return KNOWN.stream()
        .filter(c -> c.cpus() >= cpus && DataSize.gib(c.gib()).compareTo(memory) >= 0)
        .min(Comparator.comparingInt(InstanceClass::cpus).thenComparing(InstanceClass::gib))
        .map(InstanceClass::name);
  }

  /** Why there is no class for a size. */
  static String none(InstanceSize size) {
    return size.name()
        .map(name -> "'" + name + "' is no DB instance class: they begin with 'db.'")
        .orElseGet(() -> "no known DB instance class has " + size);
  }
}
