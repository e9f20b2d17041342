/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.AclEntry;
import com.google.api.services.sqladmin.model.IpConfiguration;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.Network;
import io.clouddb.instance.TlsMode;
import io.clouddb.plan.Plan;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Who can reach the instance, and how: {@code settings.ipConfiguration}. */
final class NetworkSettings {
  private static final String PREFIX = "settings.ipConfiguration.";
  private static final Pattern VPC =
      Pattern.compile("projects/[a-z0-9.:-]+/global/networks/[a-z][a-z0-9-]*");

  private NetworkSettings() {}

  /**
   * Plans a network.
   *
   * @param plan where to say it
   * @param network the network, null for the account's default one
   */
  static void plan(Plan.Builder plan, @Nullable Network network) {
    if (network == null) {
      plan.refuse(
          InstanceField.PRIVATE_NETWORK,
          "Cloud SQL has no default network",
          "Network.privateNetwork(\"projects/<project>/global/networks/<vpc>\") of a VPC with"
              + " private services access, or Network.publicAccess(<address ranges>)");
      return;
    }
    InstanceField field =
        network.isPublic() ? InstanceField.PUBLIC_ACCESS : InstanceField.PRIVATE_NETWORK;
    if (!network.securityGroups().isEmpty()) {
      plan.refuse(
          field,
          "Cloud SQL has no security groups",
          "Network.publicAccess(<address ranges>), or the VPC's own firewall");
    } else if (network.dnsZone().isPresent()) {
      plan.refuse(
          field, "Cloud SQL registers in no private DNS zone", "a record of your own in Cloud DNS");
    } else if (network.isPublic()) {
      planPublic(plan, network);
    } else {
      planPrivate(plan, network);
    }
  }

  private static void planPublic(Plan.Builder plan, Network network) {
    List<String> ipv6 = network.allowedCidrs().stream().filter(cidr -> cidr.contains(":")).toList();
    if (ipv6.isEmpty()) {
      plan.honour(
          InstanceField.PUBLIC_ACCESS, PREFIX + "authorizedNetworks", network.allowedCidrs());
    } else {
      plan.refuse(
          InstanceField.PUBLIC_ACCESS,
          "authorized networks are IPv4 only, and " + ipv6 + " are asked for",
          "IPv4 address ranges");
    }
  }

  private static void planPrivate(Plan.Builder plan, Network network) {
    String vpc = network.privateNetwork().orElseThrow();
    if (!network.allowedCidrs().isEmpty()) {
      plan.refuse(
          InstanceField.PRIVATE_NETWORK,
          "a private network and public address ranges are asked for at once",
          "one of them, and the other by Native.customize(DatabaseInstance.class, ...)");
    } else if (VPC.matcher(vpc).matches()) {
      plan.honour(InstanceField.PRIVATE_NETWORK, PREFIX + "privateNetwork", vpc);
    } else {
      plan.refuse(
          InstanceField.PRIVATE_NETWORK,
          "'" + vpc + "' is no VPC's resource name",
          "projects/<project>/global/networks/<vpc>");
    }
  }

  /**
   * Makes the configuration.
   *
   * @param network the network
   * @param tls what the server demands of connections
   * @return the configuration
   */
  static IpConfiguration of(Network network, TlsMode tls) {
    IpConfiguration configuration = new IpConfiguration().setSslMode(sslMode(tls));
    if (network.isPublic()) {
      return configuration
          .setIpv4Enabled(true)
          .setAuthorizedNetworks(
              network.allowedCidrs().stream()
                  .map(cidr -> new AclEntry().setKind("sql#aclEntry").setValue(cidr))
                  .toList());
    }
    return configuration
        .setIpv4Enabled(false)
        .setPrivateNetwork(network.privateNetwork().orElseThrow());
  }

  /**
   * The value of {@code sslMode}, which wins over the older {@code requireSsl}.
   *
   * @param tls what the server demands of connections
   * @return the value
   */
  static String sslMode(TlsMode tls) {
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
    if (sslMode == null) {
      return null;
    }
    return switch (sslMode) {
      case "ALLOW_UNENCRYPTED_AND_ENCRYPTED" -> TlsMode.OPTIONAL;
      case "ENCRYPTED_ONLY" -> TlsMode.REQUIRED;
      case "TRUSTED_CLIENT_CERTIFICATE_REQUIRED" -> TlsMode.CLIENT_CERTIFICATE;
      default -> null;
    };
  }
}
