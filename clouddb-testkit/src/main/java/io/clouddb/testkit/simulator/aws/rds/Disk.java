/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.rds;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.QueryForm;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A disk of PostgreSQL, and what RDS takes for one. Sources:
 *
 * <ul>
 *   <li>RDS API Reference, {@code CreateDBInstance} and {@code ModifyDBInstance}: sizes, the ratio
 *       of operations to size, {@code Iops} as companion of {@code AllocatedStorage};
 *   <li>RDS User Guide, <em>Amazon RDS DB instance storage</em>: the threshold of gp3, what it has
 *       without being asked, and the ranges; <em>Scaling up DB instance storage</em>: "you must
 *       increase it by at least 10 percent. If you try to increase the value by less than 10
 *       percent, you get an error" (the API Reference says that such a value is rounded up: refused
 *       here, since no caller may count on it); <em>Managing capacity automatically</em>: the limit
 *       of growth;
 *   <li>the words are those that callers of the service have published, among others in the issues
 *       28160, 28382, 28589, 28847, 33512 of hashicorp/terraform-provider-aws and in the rules of
 *       badmintoncryer/cdk-preflight, made by deployments in September 2026.
 * </ul>
 *
 * @param type for example {@code gp3}
 * @param size GiB
 * @param iops bought operations per second; empty when they come with the disk
 * @param throughput bought MiB per second; empty when they come with the disk
 * @param limit GiB up to which RDS enlarges the disk by itself
 */
record Disk(
    String type,
    int size,
    Optional<Integer> iops,
    Optional<Integer> throughput,
    Optional<Integer> limit) {
  private static final String GP3 = "gp3";
  private static final Set<String> TYPES = Set.of("gp2", GP3, "io1", "io2");
  private static final int MOST_SIZE = 65_536;
  private static final int LEAST_SIZE = 20;
  private static final int LEAST_SIZE_WITH_IOPS = 100;
  private static final int LEAST_IOPS = 1_000;
  private static final int MOST_IOPS = 256_000;
  private static final double LEAST_RATIO = 0.5;
  private static final int MOST_RATIO_OF_IO1 = 50;
  private static final int MOST_RATIO_OF_IO2 = 1_000;

  /** From here on RDS stripes a gp3 disk of PostgreSQL over four volumes. */
  private static final int STRIPED_SIZE = 400;

  private static final int SMALL_IOPS = 3_000;
  private static final int SMALL_THROUGHPUT = 125;
  private static final int STRIPED_IOPS = 12_000;
  private static final int STRIPED_THROUGHPUT = 500;
  private static final int MOST_STRIPED_IOPS = 64_000;
  private static final int MOST_STRIPED_THROUGHPUT = 4_000;
  private static final double MOST_THROUGHPUT_RATIO = 0.25;
  private static final int PERCENT = 100;
  private static final int LEAST_GROWTH_PERCENT = 110;

  static Disk of(SimulatedInstance instance) {
    return of(instance.attributes());
  }

  /** The disk of an instance with these members. */
  static Disk of(Map<String, Object> members) {
    String type = (String) members.getOrDefault(Members.STORAGE_TYPE, GP3);
    int size = (int) members.getOrDefault(Members.STORAGE, 0);
    boolean small = type.equals(GP3) && size < STRIPED_SIZE;
    return new Disk(
        type,
        size,
        small ? Optional.empty() : number(members, Members.IOPS),
        small ? Optional.empty() : number(members, Members.THROUGHPUT),
        number(members, Members.STORAGE_LIMIT));
  }

  private static Optional<Integer> number(Map<String, Object> members, String name) {
    return Optional.ofNullable((Integer) members.get(name));
  }

  private boolean isBought() {
    return type.startsWith("io");
  }

  private boolean isStriped() {
    return type.equals(GP3) && size >= STRIPED_SIZE;
  }

  /** Operations per second of the disk; empty for those that promise none. */
  Optional<Integer> allIops() {
    return type.equals(GP3)
        ? iops.or(() -> Optional.of(isStriped() ? STRIPED_IOPS : SMALL_IOPS))
        : iops;
  }

  /** MiB per second of the disk; empty for those that promise none. */
  Optional<Integer> allThroughput() {
    return type.equals(GP3)
        ? throughput.or(() -> Optional.of(isStriped() ? STRIPED_THROUGHPUT : SMALL_THROUGHPUT))
        : throughput;
  }

  /** Refuses what RDS refuses whatever was there before. */
  Disk check() {
    if (!TYPES.contains(type)) {
      throw AwsError.value("Invalid storage type: " + type);
    }
    if (size < (isBought() ? LEAST_SIZE_WITH_IOPS : LEAST_SIZE) || size > MOST_SIZE) {
      throw invalidSize(size);
    }
    if (isBought()) {
      checkBought();
    } else {
      checkGeneral();
    }
    if (limit.isPresent()) {
      checkLimit(limit.get());
    }
    return this;
  }

  private void checkBought() {
    int bought =
        iops.orElseThrow(
            () ->
                AwsError.combination(
                    "The storage type " + type + " requires iops to be specified."));
    if (bought < LEAST_IOPS || bought > MOST_IOPS) {
      throw invalid("iops value", bought);
    }
    throughput.ifPresent(
        value -> {
          throw invalid("storage throughput value", value);
        });
    requireRatio("iops to storage", size);
  }

  private void requireRatio(String what, int gib) {
    double ratio = (double) iops.orElseThrow() / gib;
    int most = type.equals("io1") ? MOST_RATIO_OF_IO1 : MOST_RATIO_OF_IO2;
    if (ratio < LEAST_RATIO || ratio > most) {
      throw invalid(what + " (GiB) ratio", String.format(Locale.ROOT, "%.4f", ratio));
    }
  }

  private void checkGeneral() {
    if (type.equals(GP3) && !isStriped() && (iops.isPresent() || throughput.isPresent())) {
      throw AwsError.combination(
          "You can't specify IOPS or storage throughput for engine postgres and a storage size less"
              + " than "
              + STRIPED_SIZE
              + ".");
    }
    iops.filter(value -> !isStriped() || value < STRIPED_IOPS || value > MOST_STRIPED_IOPS)
        .ifPresent(
            value -> {
              throw invalid("iops value", value);
            });
    throughput
        .filter(
            value -> !isStriped() || value < STRIPED_THROUGHPUT || value > MOST_STRIPED_THROUGHPUT)
        .ifPresent(
            value -> {
              throw invalid("storage throughput value", value);
            });
    if (isStriped()) {
      double ratio = (double) allThroughput().orElseThrow() / allIops().orElseThrow();
      if (ratio > MOST_THROUGHPUT_RATIO) {
        throw invalid(
            "storage throughput to iops ratio", String.format(Locale.ROOT, "%.4f", ratio));
      }
    }
  }

  private void checkLimit(int gib) {
    if (gib <= size) {
      throw AwsError.combination("Max storage size must be greater than storage size");
    }
    if (gib > MOST_SIZE) {
      throw invalid("max storage size", gib);
    }
    if (isBought()) {
      requireRatio("iops to max storage", gib);
    }
  }

  /** Refuses a limit that leaves no room for the least step. */
  private Disk checkNewLimit() {
    limit
        .filter(gib -> (long) gib * PERCENT < (long) size * LEAST_GROWTH_PERCENT)
        .ifPresent(
            gib -> {
              throw invalid("max storage size", gib);
            });
    return this;
  }

  /** The disk that {@code CreateDBInstance} asks for. */
  static Disk asked(QueryForm form) {
    Optional<Integer> iops = form.integer(Members.IOPS);
    return new Disk(
            form.text(Members.STORAGE_TYPE).orElse(iops.isPresent() ? "io1" : GP3),
            form.integer(Members.STORAGE)
                .orElseThrow(
                    () ->
                        AwsError.badRequest(
                            "MissingParameter",
                            "The parameter AllocatedStorage must be provided and must not be"
                                + " null.")),
            iops,
            form.integer(Members.THROUGHPUT),
            form.integer(Members.STORAGE_LIMIT))
        .check()
        .checkNewLimit();
  }

  /**
   * The disk of a replica of an instance with this one. API Reference, {@code
   * CreateDBInstanceReadReplica}, {@code StorageType}: "If you specify io1, io2, or gp3, you must
   * also include a value for the Iops parameter" (which no gp3 below 400 GiB takes); "Default: io1
   * if the Iops parameter is specified. Otherwise, gp3". The User Guide, <em>Working with read
   * replicas</em>, says "By default, a read replica is created with the same storage type as the
   * source DB instance": no caller may count on it. The same page: "When you increase the allocated
   * storage of a read replica, it must be by at least 10 percent". Less would not hold the data.
   */
  Disk forReplica(QueryForm form) {
    Optional<Integer> newIops = form.integer(Members.IOPS);
    String newType = form.text(Members.STORAGE_TYPE).orElse(newIops.isPresent() ? "io1" : GP3);
    int newSize = form.integer(Members.STORAGE).orElse(size);
    Optional<Integer> newThroughput = form.integer(Members.THROUGHPUT);
    Optional<Integer> newLimit = form.integer(Members.STORAGE_LIMIT);
    if (newSize != size && (long) newSize * PERCENT < (long) size * LEAST_GROWTH_PERCENT) {
      throw invalidSize(newSize);
    }
    boolean isSameGp3 = newType.equals(GP3) && type.equals(GP3);
    Disk disk =
        new Disk(
                newType,
                newSize,
                isSameGp3 ? newIops.or(() -> iops) : newIops,
                isSameGp3 ? newThroughput.or(() -> throughput) : newThroughput,
                newLimit.or(() -> limit))
            .check();
    return newLimit.isPresent() ? disk.checkNewLimit() : disk;
  }

  /**
   * The disk of what is restored of one with this one. API Reference, {@code StorageType} of both
   * restores: "If you specify io1, io2, or gp3, you must also include a value for the Iops
   * parameter" (which no gp3 below 400 GiB takes); "Default: io1 if the Iops parameter is
   * specified, otherwise gp3"; {@code Iops}: "If this parameter isn't specified, the IOPS value is
   * taken from the backup". Less would not hold the data.
   */
  Disk restored(QueryForm form) {
    Optional<Integer> newIops = form.integer(Members.IOPS);
    String newType = form.text(Members.STORAGE_TYPE).orElse(newIops.isPresent() ? "io1" : GP3);
    int newSize = form.integer(Members.STORAGE).orElse(size);
    Optional<Integer> newThroughput = form.integer(Members.THROUGHPUT);
    if (newSize < size) {
      throw invalidSize(newSize);
    }
    boolean isSameGp3 = newType.equals(GP3) && type.equals(GP3);
    return new Disk(
            newType,
            newSize,
            isSameGp3 ? newIops.or(() -> iops) : newIops,
            isSameGp3 ? newThroughput.or(() -> throughput) : newThroughput,
            Optional.empty())
        .check();
  }

  /** The disk that {@code ModifyDBInstance} makes of this one; of the same type. */
  Disk changed(QueryForm form) {
    Optional<Integer> newSize = form.integer(Members.STORAGE);
    Optional<Integer> newIops = form.integer(Members.IOPS);
    Optional<Integer> newThroughput = form.integer(Members.THROUGHPUT);
    Optional<Integer> newLimit = form.integer(Members.STORAGE_LIMIT);
    if (Stream.of(newSize, newIops, newThroughput, newLimit).allMatch(Optional::isEmpty)) {
      return this;
    }
    int becoming = newSize.orElse(size);
    if (becoming != size
        && (becoming > MOST_SIZE
            || (long) becoming * PERCENT < (long) size * LEAST_GROWTH_PERCENT)) {
      throw invalidSize(becoming);
    }
    boolean hasIops = isBought() || (type.equals(GP3) && becoming >= STRIPED_SIZE);
    if (hasIops && newSize.isPresent() != newIops.isPresent()) {
      throw AwsError.combination(
          "You must specify both the storage size and iops when modifying the storage size or iops"
              + " on a DB instance that has iops.");
    }
    Disk changed =
        new Disk(
                type,
                becoming,
                newIops.or(() -> iops),
                newThroughput.or(() -> throughput),
                newLimit.or(() -> limit))
            .check();
    return newLimit.isPresent() ? changed.checkNewLimit() : changed;
  }

  private AwsError invalidSize(int gib) {
    return invalid("storage size", gib);
  }

  private AwsError invalid(String what, Object value) {
    return AwsError.combination(
        "Invalid " + what + " for engine name postgres and storage type " + type + ": " + value);
  }
}
