/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.instance;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who can reach the instance. Without one, the instance is reachable in the account's default
 * private network only, or refused where the cloud has none.
 *
 * @param privateNetwork the vendor's name of the network to attach to: a DB subnet group (RDS), a
 *     delegated subnet's ARM id (Azure), a VPC's resource name (Google); null for public access
 * @param securityGroups ids of VPC security groups (RDS)
 * @param privateDnsZone ARM id of the private DNS zone (Azure); null for none
 * @param allowedCidrs address ranges that may connect over the public internet; empty when it is
 *     not reachable from there
 */
public record Network(
    @Nullable String privateNetwork,
    List<String> securityGroups,
    @Nullable String privateDnsZone,
    List<String> allowedCidrs) {
  /** Keeps the lists unmodifiable. */
  public Network {
    securityGroups = List.copyOf(Objects.requireNonNull(securityGroups, "securityGroups"));
    allowedCidrs = List.copyOf(Objects.requireNonNull(allowedCidrs, "allowedCidrs"));
  }

  /**
   * Reachable in a private network only.
   *
   * @param name the vendor's name of the network
   * @return the network
   */
  public static Network privateNetwork(String name) {
    return new Network(name, List.of(), null, List.of());
  }

  /**
   * Reachable over the public internet, from these addresses only.
   *
   * @param cidrs address ranges, for example {@code 203.0.113.0/24}
   * @return the network
   */
  public static Network publicAccess(String... cidrs) {
    return new Network(null, List.of(), null, List.of(cidrs));
  }

  /**
   * With a VPC security group, which on RDS says who may connect.
   *
   * @param id for example {@code sg-0123456789abcdef0}
   * @return a new value
   */
  public Network securityGroup(String id) {
    List<String> all = new ArrayList<>(securityGroups);
    all.add(id);
    return new Network(privateNetwork, all, privateDnsZone, allowedCidrs);
  }

  /**
   * With the private DNS zone that an Azure delegated subnet needs.
   *
   * @param id its ARM id
   * @return a new value
   */
  public Network dnsZone(String id) {
    return new Network(privateNetwork, securityGroups, id, allowedCidrs);
  }

  /**
   * The private network.
   *
   * @return its name; empty for public access
   */
  public Optional<String> privateName() {
    return Optional.ofNullable(privateNetwork);
  }

  /**
   * The private DNS zone.
   *
   * @return its ARM id
   */
  public Optional<String> dnsZone() {
    return Optional.ofNullable(privateDnsZone);
  }

  /**
   * Tells whether the instance is reachable from the public internet.
   *
   * @return true when it is
   */
  public boolean isPublic() {
    return privateNetwork == null;
  }
}
