/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.google.sql;

import static io.clouddb.testkit.simulator.google.sql.InstanceRules.between;
import static io.clouddb.testkit.simulator.google.sql.InstanceRules.require;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The machines of the editions, and the disks of the machines, by "Machine series overview" of
 * Google's documentation: N4, C4A and C4 have Hyperdisk Balanced, N2 of Enterprise Plus has SSD,
 * and the others have SSD and HDD.
 */
final class MachineRules {
  private static final Pattern CUSTOM = Pattern.compile("db-custom-([0-9]+)-([0-9]+)");
  private static final Pattern N4 = Pattern.compile("db-custom-N4-[0-9]+-[0-9]+");
  private static final Pattern PLUS =
      Pattern.compile("db-(?:perf-optimized-(?:N|C4)|c4a-highmem)-[0-9]+");
  private static final Pattern MEMORY = Pattern.compile("db-custom-(?:N4-)?[0-9]+-([0-9]{1,7})");
  private static final Set<String> SHARED = Set.of("db-f1-micro", "db-g1-small");
  private static final String SSD = "PD_SSD";
  private static final String HDD = "PD_HDD";
  private static final String HYPERDISK = "HYPERDISK_BALANCED";
  private static final int LEAST_GB = 10;
  private static final int LEAST_HYPERDISK_GB = 20;
  private static final int MOST_GB = 65_536;
  private static final int MIB_PER_STEP = 256;
  private static final int LEAST_MIB = 3840;
  private static final int MIB_PER_PLUS_CPU = 8192;
  private static final int MOST_CPUS = 96;
  private static final double LEAST_MIB_PER_CPU = 921.6;
  private static final double MOST_MIB_PER_CPU = 6656;

  private MachineRules() {}

  /** Refuses machines that the edition does not have, and disks that the machine does not have. */
  static void check(JsonNode settings) {
    String tier = settings.path("tier").asText();
    checkTier(tier, settings.path("edition").asText());
    String type = settings.path("dataDiskType").asText();
    require(disks(tier).contains(type), "disk type " + type + " for tier " + tier);
    long size = settings.path("dataDiskSizeGb").asLong();
    require(size >= LEAST_GB && size <= MOST_GB, "disk size " + size);
    long limit = settings.path("storageAutoResizeLimit").asLong();
    require(limit == 0 || limit >= size, "storage auto resize limit " + limit);
  }

  /**
   * Refuses a new disk that is smaller than its kind begins: "The minimum value is 10GB for PD_SSD,
   * PD_HDD and 20GB for HYPERDISK_BALANCED", of Google's Terraform provider. What becomes of a
   * smaller one that a patch moves to a Hyperdisk nobody publishes.
   */
  static void checkNewDisk(JsonNode settings) {
    long size = settings.path("dataDiskSizeGb").asLong();
    require(size >= leastDisk(settings.path("tier").asText()), "disk size " + size);
  }

  /** The least disk of a machine, which a new one has where the request says no size. */
  static int leastDisk(String tier) {
    return disks(tier).contains(HYPERDISK) ? LEAST_HYPERDISK_GB : LEAST_GB;
  }

  /** The disk of a machine where the request names none. */
  static String usualDisk(String tier) {
    return disks(tier).contains(SSD) ? SSD : HYPERDISK;
  }

  /**
   * Moves the data to a disk that the machine has, where a patch changes the machine and leaves the
   * disk out: between SSD and Hyperdisk, while data does not leave an HDD.
   *
   * @param settings the settings that the patch makes
   */
  static void moveDisk(ObjectNode settings) {
    String tier = settings.path("tier").asText();
    String type = settings.path("dataDiskType").asText();
    if (!type.equals(HDD) && !disks(tier).contains(type)) {
      settings.put("dataDiskType", usualDisk(tier));
    }
  }

  /** Whether the machine has Hyperdisk, and no persistent disks. */
  static boolean hasHyperdisk(JsonNode settings) {
    return disks(settings.path("tier").asText()).contains(HYPERDISK);
  }

  private static Set<String> disks(String tier) {
    if (N4.matcher(tier).matches() || tier.matches("db-(?:c4a|perf-optimized-C4)-.*")) {
      return Set.of(HYPERDISK);
    }
    return PLUS.matcher(tier).matches() ? Set.of(SSD) : Set.of(SSD, HDD);
  }

  /** The memory of a machine, in MiB; the shared ones have 0.6 and 1.7 GB. */
  static int memory(String tier) {
    Matcher custom = MEMORY.matcher(tier);
    if (custom.matches()) {
      return Integer.parseInt(custom.group(1));
    }
    if (PLUS.matcher(tier).matches()) {
      return Integer.parseInt(tier.substring(tier.lastIndexOf('-') + 1)) * MIB_PER_PLUS_CPU;
    }
    return tier.equals("db-g1-small") ? 1740 : 614;
  }

  private static void checkTier(String tier, String edition) {
    boolean plus = edition.equals(InstanceRules.PLUS_EDITION);
    require(plus || edition.equals("ENTERPRISE"), "edition " + edition);
    Matcher custom = CUSTOM.matcher(tier);
    if (custom.matches()) {
      require(!plus, "tier (" + tier + ") for (ENTERPRISE_PLUS) edition");
      int cpus = Integer.parseInt(custom.group(1));
      int mib = Integer.parseInt(custom.group(2));
      boolean counts = cpus == 1 || (cpus % 2 == 0 && between(cpus, 2, MOST_CPUS));
      boolean ratio = mib >= cpus * LEAST_MIB_PER_CPU && mib <= cpus * MOST_MIB_PER_CPU;
      require(
          counts && ratio && mib >= LEAST_MIB && mib % MIB_PER_STEP == 0,
          "custom machine type " + tier);
    } else if (N4.matcher(tier).matches()) {
      require(!plus, "tier (" + tier + ") for (ENTERPRISE_PLUS) edition");
    } else if (PLUS.matcher(tier).matches()) {
      require(plus, "tier (" + tier + ") for (ENTERPRISE) edition");
      require(Tiers.has(tier), "tier " + tier);
    } else {
      require(SHARED.contains(tier), "tier " + tier);
      require(!plus, "tier (" + tier + ") for (ENTERPRISE_PLUS) edition");
    }
  }
}
