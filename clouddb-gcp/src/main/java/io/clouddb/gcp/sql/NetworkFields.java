/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static io.clouddb.instance.InstanceField.PRIVATE_NETWORK;
import static io.clouddb.instance.InstanceField.PUBLIC_ACCESS;
import static io.clouddb.instance.InstanceField.TLS;

import com.google.api.services.sqladmin.model.AclEntry;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.IpConfiguration;
import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.instance.Network;
import io.clouddb.instance.TlsMode;
import io.clouddb.spi.mapping.Condition;
import io.clouddb.spi.mapping.FieldRow;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Who can reach the instance, and how: {@code settings.ipConfiguration}. */
final class NetworkFields {
  private static final String PREFIX = "settings.ipConfiguration.";

  private NetworkFields() {}

  static List<FieldRow<?, SeenInstance>> rows() {
    return List.of(privateNetwork(), publicAccess(), tls());
  }

  private static IpConfiguration in(Settings settings) {
    if (settings.getIpConfiguration() == null) {
      settings.setIpConfiguration(new IpConfiguration());
    }
    return settings.getIpConfiguration();
  }

  private static Condition<Network> noSecurityGroups() {
    return Condition.of(
        "no security groups",
        (network, asked) ->
            network.securityGroups().isEmpty()
                ? Optional.empty()
                : Optional.of("Cloud SQL has no security groups"),
        "Network.publicAccess(<address ranges>), or the VPC's own firewall");
  }

  private static Condition<Network> noDnsZone() {
    return Condition.of(
        "no private DNS zone",
        (network, asked) ->
            network.dnsZone().isEmpty()
                ? Optional.empty()
                : Optional.of("Cloud SQL registers in no private DNS zone"),
        "a record of your own in Cloud DNS");
  }

  private static FieldRow<Network, SeenInstance> privateNetwork() {
    return FieldRow.<Network, SeenInstance>of(
            PRIVATE_NETWORK, Network.class, PREFIX + "privateNetwork")
        .only(
            "a VPC with private services access, since there is no default network",
            (network, asked) ->
                network.privateNetwork().isPresent()
                    ? Optional.empty()
                    : Optional.of("Cloud SQL has no default network"),
            "Network.privateNetwork(\"projects/<project>/global/networks/<vpc>\") of a VPC with"
                + " private services access, or Network.publicAccess(<address ranges>)")
        .only(noSecurityGroups())
        .only(noDnsZone())
        .only(
            "no public address ranges beside it",
            (network, asked) ->
                network.allowedCidrs().isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                        "a private network and public address ranges are asked for at once"),
            "one of them, and the other by Native.customize(DatabaseInstance.class, ...)")
        .only(
            "by its resource name",
            (network, asked) ->
                network
                    .privateNetwork()
                    .filter(vpc -> !Vpc.isName(vpc))
                    .map(vpc -> "'" + vpc + "' is no VPC's resource name"),
            "projects/<project>/global/networks/<vpc>")
        .shown((network, asked) -> network.privateNetwork().orElse("the account's own"))
        .to(
            InsertBody.class,
            (body, network, asked) ->
                in(body.settings())
                    .setIpv4Enabled(false)
                    .setPrivateNetwork(network.privateNetwork().orElseThrow()))
        .from((there, asked) -> Optional.of(Inside.of(there)))
        .same(
            (network, actual, asked) ->
                actual instanceof Inside inside && inside.isOnly(network.privateNetwork()))
        .build();
  }

  /**
   * Where an instance is.
   *
   * @param instance the instance
   * @param vpc its VPC, or what is said instead
   * @param open that the public comes in beside it, which a private network does not ask for; empty
   *     when it does not
   */
  private record Inside(DatabaseInstance instance, String vpc, String open) {
    static Inside of(SeenInstance there) {
      IpConfiguration addresses = there.addresses();
      return new Inside(
          there.instance(),
          Vpc.of(there.instance()).map(Vpc::toString).orElse("no private network"),
          Boolean.TRUE.equals(addresses.getIpv4Enabled())
              ? ", and a public address for " + ranges(addresses)
              : "");
    }

    boolean isOnly(Optional<String> asked) {
      return open.isEmpty() && Vpc.maybeOf(asked, instance);
    }

    @Override
    public String toString() {
      return vpc + open;
    }
  }

  private static FieldRow<Network, SeenInstance> publicAccess() {
    return FieldRow.<Network, SeenInstance>of(
            PUBLIC_ACCESS, Network.class, PREFIX + "authorizedNetworks")
        .only(noSecurityGroups())
        .only(noDnsZone())
        .only(
            "IPv4 address ranges",
            (network, asked) -> {
              List<String> ipv6 =
                  network.allowedCidrs().stream().filter(cidr -> cidr.contains(":")).toList();
              return ipv6.isEmpty()
                  ? Optional.empty()
                  : Optional.of(
                      "authorized networks are IPv4 only, and " + ipv6 + " are asked for");
            },
            "IPv4 address ranges")
        .shown((network, asked) -> network.allowedCidrs())
        .to(
            InsertBody.class,
            (body, network, asked) ->
                in(body.settings())
                    .setIpv4Enabled(true)
                    .setAuthorizedNetworks(
                        network.allowedCidrs().stream()
                            .map(cidr -> new AclEntry().setKind("sql#aclEntry").setValue(cidr))
                            .toList()))
        .from(
            (there, asked) ->
                Optional.of(
                    Boolean.TRUE.equals(there.addresses().getIpv4Enabled())
                        ? ranges(there.addresses())
                        : "no public address"))
        .same(
            (network, actual, asked) ->
                actual instanceof Collection<?> ranges
                    && whole(network.allowedCidrs()).equals(whole(ranges)))
        .build();
  }

  private static List<String> ranges(IpConfiguration addresses) {
    List<AclEntry> entries = addresses.getAuthorizedNetworks();
    return entries == null ? List.of() : entries.stream().map(AclEntry::getValue).toList();
  }

  /** In no order; one address is a range of its own. */
  private static Set<String> whole(Collection<?> ranges) {
    return ranges.stream()
        .map(String::valueOf)
        .map(range -> range.contains("/") ? range : range + "/32")
        .collect(Collectors.toSet());
  }

  private static FieldRow<TlsMode, SeenInstance> tls() {
    return FieldRow.<TlsMode, SeenInstance>of(TLS, TlsMode.class, PREFIX + "sslMode")
        .shown((tls, asked) -> sslMode(tls))
        .to(InsertBody.class, (body, tls, asked) -> in(body.settings()).setSslMode(sslMode(tls)))
        .to(PatchBody.class, (body, tls, asked) -> in(body.settings()).setSslMode(sslMode(tls)))
        .from((there, asked) -> Optional.ofNullable(there.addresses().getSslMode()))
        .build();
  }

  /** The value of {@code sslMode}, which wins over the older {@code requireSsl}. */
  private static String sslMode(TlsMode tls) {
    return switch (tls) {
      case OPTIONAL -> "ALLOW_UNENCRYPTED_AND_ENCRYPTED";
      case REQUIRED -> "ENCRYPTED_ONLY";
      case CLIENT_CERTIFICATE -> "TRUSTED_CLIENT_CERTIFICATE_REQUIRED";
    };
  }

  /**
   * Reads {@code sslMode}.
   *
   * @param sslMode the value, null when there is none
   * @return the mode; null when it is not known
   */
  static @Nullable TlsMode tls(@Nullable String sslMode) {
    for (TlsMode mode : TlsMode.values()) {
      if (sslMode(mode).equals(sslMode)) {
        return mode;
      }
    }
    return null;
  }
}
