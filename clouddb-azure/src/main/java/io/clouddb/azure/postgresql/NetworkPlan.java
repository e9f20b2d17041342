/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.instance.InstanceField.PRIVATE_NETWORK;
import static io.clouddb.instance.InstanceField.PUBLIC_ACCESS;

import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Network;
import io.clouddb.plan.Plan;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What becomes of the network of a spec: a delegated subnet with its private DNS zone, or firewall
 * rules.
 *
 * @see <a
 *     href="https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-networking-private">Networking</a>
 */
final class NetworkPlan {
  private static final Pattern SUBNET =
      Pattern.compile(
          "/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\\.Network"
              + "/virtualNetworks/[^/]+/subnets/[^/]+",
          Pattern.CASE_INSENSITIVE);

  private NetworkPlan() {}

  static void add(Plan.Builder plan, InstanceSpec spec) {
    Network network = spec.network().orElse(null);
    if (network == null) {
      plan.adjust(
          PRIVATE_NETWORK,
          "properties.network.publicNetworkAccess",
          "Enabled, without a firewall rule: nobody can connect until one is made",
          "Azure has no default private network; name one by privateNetwork(subnet).dnsZone(zone),"
              + " or addresses by publicAccess(...)");
    } else if (network.isPublic()) {
      publicAccess(plan, network);
    } else {
      privateAccess(plan, network);
    }
  }

  private static void publicAccess(Plan.Builder plan, Network network) {
    List<String> wrong =
        network.allowedCidrs().stream()
            .filter(
                cidr -> {
                  Optional<AddressRange> range = AddressRange.ofCidr(cidr);
                  return range.isEmpty() || range.get().meansAllOfAzure();
                })
            .toList();
    if (!wrong.isEmpty()) {
      plan.refuse(
          PUBLIC_ACCESS,
          wrong + " is no range of IPv4 addresses (0.0.0.0/32 would let in all of Azure)",
          "ranges such as 203.0.113.0/24");
    } else if (!network.securityGroups().isEmpty() || network.dnsZone().isPresent()) {
      plan.refuse(
          PUBLIC_ACCESS,
          "a public server has no security groups and no private DNS zone",
          "publicAccess(ranges) alone");
    } else {
      plan.honour(PUBLIC_ACCESS, "firewallRules", network.allowedCidrs());
    }
  }

  private static void privateAccess(Plan.Builder plan, Network network) {
    String subnet = network.privateNetwork().orElse("");
    if (!SUBNET.matcher(subnet).matches()) {
      plan.refuse(
          PRIVATE_NETWORK,
          "'" + subnet + "' is no ARM id of a subnet",
          "/subscriptions/.../resourceGroups/.../providers/Microsoft.Network/virtualNetworks/..."
              + "/subnets/...");
    } else if (network.dnsZone().isEmpty()) {
      plan.refuse(
          PRIVATE_NETWORK,
          "a delegated subnet needs a private DNS zone",
          "privateNetwork(subnet).dnsZone(zone)");
    } else if (!network.securityGroups().isEmpty() || !network.allowedCidrs().isEmpty()) {
      plan.refuse(
          PRIVATE_NETWORK,
          "security groups belong to the subnet, and firewall rules to public servers",
          "privateNetwork(subnet).dnsZone(zone) alone");
    } else {
      plan.honour(PRIVATE_NETWORK, "properties.network.delegatedSubnetResourceId", subnet);
    }
  }
}
