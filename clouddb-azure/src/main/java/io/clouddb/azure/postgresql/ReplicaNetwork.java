/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import io.clouddb.instance.Network;
import io.clouddb.replica.ReplicaField;
import io.clouddb.spi.mapping.FieldRow;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What becomes of a replica's network. A private one is part of its creation; a public server has
 * the firewall rules of its source, and those that are asked for instead by further steps.
 *
 * @see <a
 *     href="https://learn.microsoft.com/azure/postgresql/read-replica/concepts-read-replicas">Connect
 *     to a replica; Networking</a>
 */
final class ReplicaNetwork {
  private static final Pattern SUBNET =
      Pattern.compile(
          "/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\\.Network"
              + "/virtualNetworks/[^/]+/subnets/[^/]+",
          Pattern.CASE_INSENSITIVE);

  private ReplicaNetwork() {}

  static FieldRow<Network, ServerInner> privateNetwork() {
    return FieldRow.<Network, ServerInner>of(
            ReplicaField.PRIVATE_NETWORK,
            Network.class,
            "properties.network.delegatedSubnetResourceId")
        .only(
            "By a delegated subnet of its region and the private DNS zone",
            (network, asked) -> privateProblem(network),
            "privateNetwork(subnet).dnsZone(zone) alone, with the ARM id of the subnet")
        .shown((network, asked) -> network.privateNetwork().orElse(""))
        .to(
            ServerInner.class,
            (request, network, asked) ->
                request.withNetwork(
                    new com.azure.resourcemanager.postgresqlflexibleserver.models.Network()
                        .withDelegatedSubnetResourceId(network.privateNetwork().orElseThrow())
                        .withPrivateDnsZoneArmResourceId(network.dnsZone().orElseThrow())))
        .build();
  }

  private static Optional<String> privateProblem(Network network) {
    String subnet = network.privateNetwork().orElse("");
    if (!SUBNET.matcher(subnet).matches()) {
      return Optional.of("'" + subnet + "' is no ARM id of a subnet");
    }
    if (network.dnsZone().isEmpty()) {
      return Optional.of("a delegated subnet needs a private DNS zone");
    }
    return network.securityGroups().isEmpty() && network.allowedCidrs().isEmpty()
        ? Optional.empty()
        : Optional.of("security groups belong to the subnet, and firewall rules to public servers");
  }

  static FieldRow<Network, ServerInner> publicAccess() {
    return FieldRow.<Network, ServerInner>of(
            ReplicaField.PUBLIC_ACCESS, Network.class, "firewallRules")
        .only(
            "IPv4 ranges only",
            (network, asked) -> publicProblem(network),
            "publicAccess(ranges) alone, with ranges such as 203.0.113.0/24")
        .shown((network, asked) -> network.allowedCidrs())
        .build();
  }

  private static Optional<String> publicProblem(Network network) {
    List<String> wrong =
        network.allowedCidrs().stream()
            .filter(
                cidr -> AddressRange.ofCidr(cidr).map(AddressRange::meansAllOfAzure).orElse(true))
            .toList();
    if (!wrong.isEmpty()) {
      return Optional.of(
          wrong + " is no range of IPv4 addresses (0.0.0.0/32 would let in all of Azure)");
    }
    return network.securityGroups().isEmpty() && network.dnsZone().isEmpty()
        ? Optional.empty()
        : Optional.of("a public server has no security groups and no private DNS zone");
  }
}
