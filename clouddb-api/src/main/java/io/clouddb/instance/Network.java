/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.instance;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who can reach the instance. Without one, the instance is reachable in the account's default
 * private network only, or refused where the cloud has none. Immutable.
 */
public final class Network {
  private final @Nullable String privateNetwork;
  private final List<String> securityGroups;
  private final @Nullable String dnsZone;
  private final List<String> allowedCidrs;

  private Network(
      @Nullable String privateNetwork,
      List<String> securityGroups,
      @Nullable String dnsZone,
      List<String> allowedCidrs) {
    this.privateNetwork = privateNetwork;
    this.securityGroups = List.copyOf(Objects.requireNonNull(securityGroups, "securityGroups"));
    this.dnsZone = dnsZone;
    this.allowedCidrs = List.copyOf(Objects.requireNonNull(allowedCidrs, "allowedCidrs"));
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

  /** What a spec without a network asks for: no access over the public internet. */
  static Network unnamed() {
    return new Network(null, List.of(), null, List.of());
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
    return new Network(
        privateNetwork,
        Stream.concat(securityGroups.stream(), Stream.of(id)).toList(),
        dnsZone,
        allowedCidrs);
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
   * With an address range that may connect over the public internet.
   *
   * @param cidr for example {@code 203.0.113.0/24}
   * @return a new value
   */
  public Network allowing(String cidr) {
    return new Network(
        privateNetwork,
        securityGroups,
        dnsZone,
        Stream.concat(allowedCidrs.stream(), Stream.of(cidr)).toList());
  }

  /**
   * Tells whether the instance is reachable from the public internet.
   *
   * @return true when it is
   */
  public boolean isPublic() {
    return privateNetwork == null;
  }

  /**
   * The vendor's name of the network to attach to: a DB subnet group (RDS), a delegated subnet's
   * ARM id (Azure), a VPC's resource name (Google).
   *
   * @return the name; empty for public access
   */
  public Optional<String> privateNetwork() {
    return Optional.ofNullable(privateNetwork);
  }

  /**
   * Ids of VPC security groups (RDS).
   *
   * @return the ids
   */
  public List<String> securityGroups() {
    return securityGroups;
  }

  /**
   * The private DNS zone (Azure).
   *
   * @return its ARM id; empty for none
   */
  public Optional<String> dnsZone() {
    return Optional.ofNullable(dnsZone);
  }

  /**
   * Address ranges that may connect over the public internet.
   *
   * @return the ranges; empty when it is not reachable from there
   */
  public List<String> allowedCidrs() {
    return allowedCidrs;
  }

  private @Nullable Object[] parts() {
    return new @Nullable Object[] {privateNetwork, securityGroups, dnsZone, allowedCidrs};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Network that && Arrays.equals(parts(), that.parts());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(parts());
  }

  @Override
  public String toString() {
    return "Network" + Arrays.toString(parts());
  }
}
