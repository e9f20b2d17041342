/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import io.clouddb.DataSize;
import io.clouddb.instance.InstanceSize;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A machine, by Cloud SQL's name, and the edition that sells it.
 *
 * <p>{@code db-custom-N-MB} follows the rules of <a
 * href="https://cloud.google.com/sql/docs/postgres/create-instance#machine-types">custom machine
 * types</a>: N is 1 or an even number up to 96; the memory is a multiple of 256 MB, at least 3.75
 * GB, and 0.9 to 6.5 GB for each vCPU.
 *
 * @param name the tier
 * @param edition {@link #ENTERPRISE} or {@link #ENTERPRISE_PLUS}
 */
record Tier(String name, String edition) {
  static final String ENTERPRISE = "ENTERPRISE";
  static final String ENTERPRISE_PLUS = "ENTERPRISE_PLUS";
  static final String HDD = "PD_HDD";
  static final String HYPERDISK = "HYPERDISK_BALANCED";
  static final long LEAST_GIB = 10;
  static final long LEAST_HYPERDISK_GIB = 20;
  static final int MOST_CPUS = 96;
  static final long LEAST_MEMORY_MIB = 3840;
  static final double LEAST_GIB_PER_CPU = 0.9;
  static final double MOST_GIB_PER_CPU = 6.5;
  private static final long STEP_MIB = 256;
  private static final double MIB_PER_GIB = 1024;
  private static final long MIB = 1L << 20;
  private static final String CUSTOM_PREFIX = "db-custom-";
  private static final Pattern CUSTOM = Pattern.compile("db-custom-([0-9]{1,3})-([0-9]{1,7})");
  // db-perf-optimized-N-8 and the C4A machines are sold in Enterprise Plus only.
  private static final Pattern PLUS = Pattern.compile("db-(?:perf-optimized|c4a)-[A-Za-z0-9-]+");
  // "Machine series overview" of Google's documentation: N4, C4A and C4 have Hyperdisk only.
  private static final Pattern HYPERDISK_ONLY =
      Pattern.compile("db-(?:custom-N4|c4a|perf-optimized-C4)-[A-Za-z0-9-]+");
  private static final Pattern ANY = Pattern.compile("db-[A-Za-z0-9-]+");

  /** Days of transaction logs that the edition keeps at most. */
  int mostLogDays() {
    return isPlus() ? 35 : 7;
  }

  /** Days of transaction logs that the edition keeps when nobody says how many. */
  int usualLogDays() {
    return isPlus() ? 14 : 7;
  }

  /** Daily backups that the edition keeps when nobody says how many. */
  int usualBackups() {
    return isPlus() ? 15 : 7;
  }

  /** The kind of SSD that the machine has: each has one only. */
  String ssd() {
    return hasHyperdisk() ? HYPERDISK : "PD_SSD";
  }

  /** Whether the machine has Hyperdisk, and no persistent disks. */
  boolean hasHyperdisk() {
    return HYPERDISK_ONLY.matcher(name).matches();
  }

  /**
   * The least disk, in GiB: "The minimum value is 10GB for PD_SSD, PD_HDD and 20GB for
   * HYPERDISK_BALANCED", of <a
   * href="https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/sql_database_instance">Google's
   * Terraform provider</a>.
   */
  long leastDiskGib() {
    return hasHyperdisk() ? LEAST_HYPERDISK_GIB : LEAST_GIB;
  }

  /** Whether the machine can have a hard disk: the older ones of the lesser edition can. */
  boolean hasHdd() {
    return !isPlus() && !hasHyperdisk();
  }

  /** The first major version that the edition has. */
  int firstVersion() {
    return isPlus() ? 12 : 0;
  }

  /**
   * Says why an instance cannot be of a size, for its version.
   *
   * @param size the size that is asked for
   * @param instance the instance's name, or that of what it is made of
   * @param databaseVersion its version, as the service writes it
   * @return the reason; empty when it can
   */
  static Optional<String> tooOld(
      Optional<InstanceSize> size, String instance, String databaseVersion) {
    String version = EngineVersion.major(EngineVersion.version(databaseVersion));
    return size.flatMap(Tier::of)
        .filter(tier -> EngineVersion.number(version) < tier.firstVersion())
        .map(
            tier ->
                instance
                    + " is of PostgreSQL "
                    + version
                    + ", and "
                    + tier.edition()
                    + ", which sells "
                    + tier.name()
                    + ", begins with "
                    + tier.firstVersion()
                    + ": take another size");
  }

  private boolean isPlus() {
    return edition.equals(ENTERPRISE_PLUS);
  }

  /** The edition that sells a tier. */
  static String editionOf(String name) {
    return PLUS.matcher(name).matches() ? ENTERPRISE_PLUS : ENTERPRISE;
  }

  /** Whether the tier is in the list of those that there are; custom ones are made by a rule. */
  boolean isListed() {
    return !name.startsWith(CUSTOM_PREFIX);
  }

  /** What a plan adds to a tier by name, which no rule decides. */
  static Optional<String> undecided(InstanceSize size) {
    return of(size)
        .filter(tier -> size.name().isPresent() && tier.isListed())
        .map(tier -> "whether the region has it, a catalog tells");
  }

  /**
   * Finds the tier for a size.
   *
   * @return the tier; empty when {@link #whyNot} has a reason
   */
  static Optional<Tier> of(InstanceSize size) {
    if (whyNot(size).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        size.name()
            .map(name -> new Tier(name, editionOf(name)))
            .orElseGet(() -> smallest(size.cpus().orElse(0), mib(size))));
  }

  /**
   * Says why a size is no tier.
   *
   * @return the reason; empty when it is one
   */
  static Optional<String> whyNot(InstanceSize size) {
    if (size.name().isPresent()) {
      return whyNot(size.name().get());
    }
    if (size.cpus().orElse(0) > MOST_CPUS || mib(size) > mostMib(MOST_CPUS)) {
      return Optional.of(
          "custom machines end at 96 vCPU and 624 GiB, and " + size + " is asked for");
    }
    return Optional.empty();
  }

  private static Optional<String> whyNot(String name) {
    if (!ANY.matcher(name).matches()) {
      return Optional.of("'" + name + "' is no Cloud SQL tier, which begins with db-");
    }
    Matcher custom = CUSTOM.matcher(name);
    if (!custom.matches()) {
      return Optional.empty();
    }
    int cpus = Integer.parseInt(custom.group(1));
    long mib = Long.parseLong(custom.group(2));
    if (cpus < 1 || cpus > MOST_CPUS || (cpus > 1 && cpus % 2 != 0)) {
      return Optional.of("'" + name + "' has to have 1 or an even number of vCPUs, at most 96");
    }
    if (mib < leastMib(cpus) || mib > mostMib(cpus) || mib % STEP_MIB != 0) {
      return Optional.of(
          "'"
              + name
              + "' has to have "
              + leastMib(cpus)
              + " to "
              + mostMib(cpus)
              + " MB in steps of 256 MB");
    }
    return Optional.empty();
  }

  private static Tier smallest(int cpus, long mib) {
    int n = cpus == 1 ? 1 : cpus + cpus % 2;
    while (mib > mostMib(n)) {
      n = n == 1 ? 2 : n + 2;
    }
    long memory = Math.max(leastMib(n), roundUp(mib));
    return new Tier("db-custom-" + n + "-" + memory, ENTERPRISE);
  }

  private static long mib(InstanceSize size) {
    DataSize memory = size.memory().orElse(null);
    return memory == null ? 0 : (memory.bytes() + MIB - 1) / MIB;
  }

  private static long leastMib(int cpus) {
    long byRatio = roundUp((long) Math.ceil(cpus * LEAST_GIB_PER_CPU * MIB_PER_GIB));
    return Math.max(LEAST_MEMORY_MIB, byRatio);
  }

  private static long mostMib(int cpus) {
    return (long) (cpus * MOST_GIB_PER_CPU * MIB_PER_GIB) / STEP_MIB * STEP_MIB;
  }

  private static long roundUp(long mib) {
    return (mib + STEP_MIB - 1) / STEP_MIB * STEP_MIB;
  }
}
