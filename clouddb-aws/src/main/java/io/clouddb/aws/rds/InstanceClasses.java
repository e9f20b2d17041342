/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.DataSize;
import io.clouddb.instance.InstanceSize;
import io.clouddb.plan.Field;
import io.clouddb.spi.mapping.FieldRow;
import io.clouddb.spi.mapping.InCatalog;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The DB instance classes among which the smallest that fits is chosen: the burstable T4g up to
 * what costs less than M7g, then M7g and R7g. Every other class can be named.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html">
 *     Hardware specifications for DB instance classes</a>, which a test holds the table and the
 *     rules against, as it was in November 2026
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
  private static final int MOST_CPUS = 64;

  private static final int MOST_GIB = 512;

  private static final String PREFIX = "db.";

  /**
   * From the fifth generation on: a multiple of {@code xlarge}, which has four vCPUs, with 4 GiB
   * each of M and 8 GiB each of R. Copies of the list differ in three sizes of M8g and M8gd, of
   * which this is the lesser memory: who asks for at least so much has it in any case. Metal, and
   * what is made for Oracle ({@code .tpc}), are named otherwise.
   */
  private static final Pattern REGULAR =
      Pattern.compile("db\\.([mr])[5-9][a-z]*\\.(?:(large)|([1-9][0-9]?)?xlarge)");

  private static final Pattern BURSTABLE =
      Pattern.compile("db\\.t(?:3|4g)\\.(micro|small|medium|large|xlarge|2xlarge)");

  /**
   * What a class has.
   *
   * @param cpus virtual CPUs
   * @param memory memory
   */
  record Hardware(int cpus, DataSize memory) {}

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

  /** What RDS makes of a size, for instances, replicas and restores. */
  static <R> FieldRow.Builder<InstanceSize, R> row(Field field) {
    return FieldRow.<InstanceSize, R>of(field, InstanceSize.class, "DBInstanceClass")
        .only(
            "A DB instance class by name, or the least that a known class has",
            (size, asked) -> choose(size).isPresent() ? Optional.empty() : Optional.of(none(size)),
            (size, asked) ->
                InCatalog.instead(size, asked).orElse("InstanceSize.named(\"db....\")"))
        .limit("cpus.max", MOST_CPUS)
        .limit("memory.gib.max", MOST_GIB)
        .shown((size, asked) -> choose(size).orElseGet(size::toString));
  }

  /** What a class has, by its name; empty of one whose family has no rule here. */
  static Optional<Hardware> hardware(String name) {
    Matcher regular = REGULAR.matcher(name);
    if (regular.matches()) {
      int cpus =
          regular.group(2) != null
              ? 2
              : 4 * (regular.group(3) == null ? 1 : Integer.parseInt(regular.group(3)));
      return Optional.of(
          new Hardware(cpus, DataSize.gib(cpus * (regular.group(1).equals("m") ? 4L : 8L))));
    }
    Matcher burstable = BURSTABLE.matcher(name);
    return burstable.matches()
        ? Optional.of(
            switch (burstable.group(1)) {
              case "micro" -> new Hardware(2, DataSize.gib(1));
              case "small" -> new Hardware(2, DataSize.gib(2));
              case "medium" -> new Hardware(2, DataSize.gib(4));
              case "large" -> new Hardware(2, DataSize.gib(8));
              case "xlarge" -> new Hardware(4, DataSize.gib(16));
              default -> new Hardware(8, DataSize.gib(32));
            })
        : Optional.empty();
  }

  /** The known classes first, then later generations before earlier ones, and burstable last. */
  static <T> Comparator<T> preferred(Function<T, String> name) {
    Comparator<String> names =
        Comparator.<String, Boolean>comparing(each -> !isKnown(each))
            .thenComparing(each -> BURSTABLE.matcher(each).matches())
            .thenComparing(Comparator.reverseOrder());
    return Comparator.comparing(name, names);
  }

  private static boolean isKnown(String name) {
    return KNOWN.stream().anyMatch(known -> known.name().equals(name));
  }

  /** What a plan adds to a class by name, which the table cannot decide; empty of a known one. */
  static Optional<String> undecided(InstanceSize size) {
    return size.name()
        .filter(name -> !isKnown(name))
        .map(name -> "in no table of this release: whether the region has it, a catalog tells");
  }

  /** Why there is no class for a size. */
  static String none(InstanceSize size) {
    return size.name()
        .map(name -> "'" + name + "' is no DB instance class: they begin with 'db.'")
        .orElseGet(() -> "no known DB instance class has " + size);
  }
}
