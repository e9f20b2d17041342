/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm.postgresql;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which region has the copies of another one's geo-redundant backups: a part of Azure's list, which
 * has the regions that are used here.
 *
 * @see <a href="https://learn.microsoft.com/azure/reliability/cross-region-replication-azure">Azure
 *     region pairs</a>
 */
final class PairedRegions {
  private static final Map<String, String> PAIRS = new HashMap<>();

  static {
    pair("eastus", "westus");
    pair("eastus2", "centralus");
    pair("northeurope", "westeurope");
    pair("japaneast", "japanwest");
    pair("koreacentral", "koreasouth");
    pair("canadacentral", "canadaeast");
    pair("southeastasia", "eastasia");
    pair("westus2", "westcentralus");
  }

  private PairedRegions() {}

  private static void pair(String one, String other) {
    PAIRS.put(one, other);
    PAIRS.put(other, one);
  }

  /** The pair of a region; empty for one that has none. */
  static Optional<String> of(String region) {
    return Optional.ofNullable(PAIRS.get(region));
  }
}
