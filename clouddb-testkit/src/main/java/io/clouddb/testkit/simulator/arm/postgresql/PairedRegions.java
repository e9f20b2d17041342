/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm.postgresql;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which region has the copies of another one's geo-redundant backups: a part of Azure's list, which
 * has the regions that are used here.
 *
 * @see <a href="https://learn.microsoft.com/azure/reliability/cross-region-replication-azure">Azure
 *     region pairs</a>
 */
final class PairedRegions {
  private static final Map<String, String> PAIRS = new HashMap<>();

  /** "Geo-Redundant backup: no", although they have the copies of another region's. */
  private static final Set<String> WITHOUT_GEO_BACKUP = Set.of("australiacentral2");

  static {
    pair("eastus", "westus");
    pair("eastus2", "centralus");
    pair("northeurope", "westeurope");
    pair("japaneast", "japanwest");
    pair("koreacentral", "koreasouth");
    pair("canadacentral", "canadaeast");
    pair("southeastasia", "eastasia");
    pair("westus2", "westcentralus");
    pair("australiacentral", "australiacentral2");
  }

  private PairedRegions() {}

  private static void pair(String one, String other) {
    PAIRS.put(one, other);
    PAIRS.put(other, one);
  }

  /**
   * Whether servers of a region can have geo-redundant backups.
   *
   * @see <a
   *     href="https://learn.microsoft.com/azure/postgresql/flexible-server/overview#azure-regions">Azure
   *     regions</a>
   */
  static boolean haveGeoBackup(String region) {
    return PAIRS.containsKey(region) && !WITHOUT_GEO_BACKUP.contains(region);
  }

  /** The pair of a region; empty for one that has none. */
  static Optional<String> of(String region) {
    return Optional.ofNullable(PAIRS.get(region));
  }
}
