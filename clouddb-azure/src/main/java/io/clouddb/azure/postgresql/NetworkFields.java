/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.instance.InstanceField.NAME;
import static io.clouddb.instance.InstanceField.PRIVATE_NETWORK;
import static io.clouddb.instance.InstanceField.PUBLIC_ACCESS;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.ServerPublicNetworkAccessState;
import io.clouddb.instance.Network;
import io.clouddb.spi.mapping.Asked;
import io.clouddb.spi.mapping.FieldRow;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Who can reach the server: a delegated subnet with its private DNS zone, or firewall rules.
 *
 * @see <a
 *     href="https://learn.microsoft.com/azure/postgresql/flexible-server/concepts-networking-private">Networking</a>
 */
final class NetworkFields {
  private static final Pattern SUBNET =
      Pattern.compile(
          "/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\\.Network"
              + "/virtualNetworks/[^/]+/subnets/[^/]+",
          Pattern.CASE_INSENSITIVE);

  private NetworkFields() {}

  static List<FieldRow<?, ServerAsItIs>> rows() {
    return List.of(privateNetwork(), publicAccess());
  }

  private static FieldRow<Network, ServerAsItIs> privateNetwork() {
    return FieldRow.<Network, ServerAsItIs>of(PRIVATE_NETWORK, Network.class, "")
        .vendorField(
            asked ->
                isNamed(asked)
                    ? "properties.network.delegatedSubnetResourceId"
                    : "properties.network.publicNetworkAccess")
        .only(
            "By a delegated subnet",
            (network, asked) ->
                network
                    .privateNetwork()
                    .filter(subnet -> !SUBNET.matcher(subnet).matches())
                    .map(subnet -> "'" + subnet + "' is no ARM id of a subnet"),
            "/subscriptions/.../resourceGroups/.../providers/Microsoft.Network/virtualNetworks/..."
                + "/subnets/...")
        .only(
            "With its private DNS zone",
            (network, asked) ->
                network.privateNetwork().isPresent() && network.dnsZone().isEmpty()
                    ? Optional.of("a delegated subnet needs a private DNS zone")
                    : network
                        .dnsZone()
                        .flatMap(
                            zone ->
                                asked
                                    .value(NAME, String.class)
                                    .flatMap(server -> PrivateDnsZone.whyNot(zone, server))),
            "privateNetwork(subnet).dnsZone(zone)")
        .only(
            "Without security groups and ranges",
            (network, asked) ->
                network.securityGroups().isEmpty() && network.allowedCidrs().isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                        "security groups belong to the subnet, and firewall rules to public"
                            + " servers"),
            "privateNetwork(subnet).dnsZone(zone) alone")
        .nearest(
            "There is no default",
            (network, asked) ->
                network.privateNetwork().isPresent()
                    ? Optional.empty()
                    : Optional.of(
                        "Azure has no default private network; name one by"
                            + " privateNetwork(subnet).dnsZone(zone), or addresses by"
                            + " publicAccess(...)"))
        .shown(
            (network, asked) ->
                network
                    .privateNetwork()
                    .map(subnet -> text(subnet, network.dnsZone()))
                    .orElse(
                        "Enabled, without a firewall rule: nobody can connect until one is made"))
        .to(
            ServerInner.class,
            (server, network, asked) ->
                network.privateNetwork().ifPresent(subnet -> delegate(server, subnet, network)))
        .from((there, asked) -> Optional.of(shown(there.server())))
        // A network that nobody has named is not compared.
        .same(
            (network, actual, asked) ->
                network
                    .privateNetwork()
                    .map(
                        subnet ->
                            text(subnet, network.dnsZone()).equalsIgnoreCase(actual.toString()))
                    .orElse(true))
        .build();
  }

  private static boolean isNamed(Asked asked) {
    return asked.value(PRIVATE_NETWORK, Network.class).flatMap(Network::privateNetwork).isPresent();
  }

  private static void delegate(ServerInner server, String subnet, Network asked) {
    var network =
        new com.azure.resourcemanager.postgresqlflexibleserver.models.Network()
            .withDelegatedSubnetResourceId(subnet);
    asked.dnsZone().ifPresent(network::withPrivateDnsZoneArmResourceId);
    server.withNetwork(network);
  }

  private static String shown(ServerInner server) {
    var network = server.network();
    return network == null || network.delegatedSubnetResourceId() == null
        ? "none"
        : text(
            network.delegatedSubnetResourceId(),
            Optional.ofNullable(network.privateDnsZoneArmResourceId()));
  }

  private static String text(String subnet, Optional<String> zone) {
    return subnet + zone.map(id -> ", with " + id).orElse("");
  }

  private static FieldRow<Network, ServerAsItIs> publicAccess() {
    return FieldRow.<Network, ServerAsItIs>of(PUBLIC_ACCESS, Network.class, "firewallRules")
        .only(
            "IPv4 ranges only",
            (network, asked) -> {
              List<String> wrong =
                  network.allowedCidrs().stream().filter(cidr -> !isRange(cidr)).toList();
              return wrong.isEmpty()
                  ? Optional.empty()
                  : Optional.of(
                      wrong
                          + " is no range of IPv4 addresses (0.0.0.0/32 would let in all of"
                          + " Azure)");
            },
            "ranges such as 203.0.113.0/24")
        .only(
            "Without security groups and a DNS zone",
            (network, asked) ->
                network.securityGroups().isEmpty() && network.dnsZone().isEmpty()
                    ? Optional.empty()
                    : Optional.of("a public server has no security groups and no private DNS zone"),
            "publicAccess(ranges) alone")
        .shown((network, asked) -> network.allowedCidrs())
        .to(
            ServerParts.class,
            (parts, network, asked) -> parts.ranges().addAll(network.allowedCidrs()))
        .from((there, asked) -> reachable(there))
        // A rule that somebody has added lets in who was not to be.
        .same((network, actual, asked) -> text(ranges(network)).equals(actual))
        .build();
  }

  private static boolean isRange(String cidr) {
    return AddressRange.ofCidr(cidr).filter(range -> !range.meansAllOfAzure()).isPresent();
  }

  private static Set<AddressRange> ranges(Network network) {
    return network.allowedCidrs().stream()
        .flatMap(cidr -> AddressRange.ofCidr(cidr).stream())
        .collect(Collectors.toSet());
  }

  private static Optional<String> reachable(ServerAsItIs there) {
    var network = there.server().network();
    if (network != null && network.delegatedSubnetResourceId() != null) {
      return Optional.of("none, in a private network");
    }
    if (network != null
        && ServerPublicNetworkAccessState.DISABLED.equals(network.publicNetworkAccess())) {
      return Optional.of("none, as public access is disabled");
    }
    return Optional.ofNullable(there.rules()).map(NetworkFields::text);
  }

  private static String text(Set<AddressRange> ranges) {
    return ranges.stream()
        .map(range -> range.first() + " to " + range.last())
        .sorted()
        .toList()
        .toString();
  }
}
