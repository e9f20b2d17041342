/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.ArmServerKeyType;
import com.azure.resourcemanager.postgresqlflexibleserver.models.DataEncryption;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Sku;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.Network;
import io.clouddb.plan.Field;
import io.clouddb.spi.mapping.Asked;
import io.clouddb.spi.mapping.Condition;
import io.clouddb.spi.mapping.FieldRow;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

/**
 * What becomes of the fields that a server has in common which is made of another one, as a replica
 * or out of a backup. A private network is part of its creation; a public server gets its firewall
 * rules by further steps.
 *
 * @see <a
 *     href="https://learn.microsoft.com/azure/postgresql/read-replica/concepts-read-replicas">Read
 *     replicas</a>
 * @see <a
 *     href="https://learn.microsoft.com/azure/postgresql/backup-restore/concepts-backup-restore">Backup
 *     and restore</a>
 */
final class SourcedServerRows {
  private static final Pattern KEY =
      Pattern.compile("https://[^/\\s]+/keys/[0-9A-Za-z-]{1,127}(?:/[0-9A-Za-z]{1,64})?");

  private static final Pattern SUBNET =
      Pattern.compile(
          "/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\\.Network"
              + "/virtualNetworks/[^/]+/subnets/[^/]+",
          Pattern.CASE_INSENSITIVE);

  private SourcedServerRows() {}

  /** A condition that is named here, and decided by a look at the servers. */
  static <V> Condition<V> looked(String text) {
    return Condition.of(text, (value, asked) -> Optional.empty(), "");
  }

  /**
   * A size, to which a table adds when it is set.
   *
   * @param names of sizes that there are
   * @param sku which of them is asked for
   */
  static FieldRow.Builder<InstanceSize, ServerInner> size(
      Field field, String names, BiFunction<InstanceSize, Asked, Optional<Sku>> sku) {
    return FieldRow.<InstanceSize, ServerInner>of(field, InstanceSize.class, "sku")
        .only(
            "As large as Azure's largest size",
            (size, asked) ->
                sku.apply(size, asked).isPresent()
                    ? Optional.empty()
                    : Optional.of("'" + size + "' is no size of a flexible server"),
            "a name such as "
                + names
                + ", at most "
                + ServerSizes.MOST_CPUS
                + " vCPU and "
                + ServerSizes.MOST_GIB
                + " GiB")
        .limit("cpus.max", ServerSizes.MOST_CPUS)
        .limit("memory.gib.max", ServerSizes.MOST_GIB)
        .shown((size, asked) -> sku.apply(size, asked).map(Sku::name).orElse(""));
  }

  static FieldRow<Network, ServerInner> privateNetwork(Field field) {
    return FieldRow.<Network, ServerInner>of(
            field, Network.class, "properties.network.delegatedSubnetResourceId")
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

  static FieldRow<Network, ServerInner> publicAccess(Field field) {
    return FieldRow.<Network, ServerInner>of(field, Network.class, "firewallRules")
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

  /** The condition names who may use it. */
  static FieldRow<String, ServerInner> encryptionKey(Field field, String identity) {
    return FieldRow.<String, ServerInner>of(
            field, String.class, "properties.dataEncryption.primaryKeyURI")
        .only(
            "The identifier of a key in a key vault of the new server's region",
            (key, asked) ->
                KEY.matcher(key).matches()
                    ? Optional.empty()
                    : Optional.of("'" + key + "' is no identifier of a key"),
            "https://VAULT.vault.azure.net/keys/NAME, with a version or without")
        .only(looked(identity))
        .to(
            ServerInner.class,
            (request, key, asked) ->
                request.withDataEncryption(
                    new DataEncryption()
                        .withType(ArmServerKeyType.AZURE_KEY_VAULT)
                        .withPrimaryKeyUri(key)))
        .build();
  }

  static FieldRow<Boolean, ServerInner> deletionProtection(Field field) {
    return FieldRow.<Boolean, ServerInner>of(field, Boolean.class, "nothing")
        .shown((on, asked) -> "none, as there is no such setting")
        .without(false)
        .lacking(
            "flexible servers have no such setting",
            "a management lock (CanNotDelete) on the server, made by whoever owns the resource"
                + " group");
  }

  @SuppressWarnings("unchecked") // A class cannot say what a map is of.
  static FieldRow<Map<String, String>, ServerInner> tags(Field field) {
    return FieldRow.<Map<String, String>, ServerInner>of(
            field, (Class<Map<String, String>>) (Class<?>) Map.class, "tags")
        .only(
            "At most " + TagFields.MOST,
            (tags, asked) ->
                tags.size() > TagFields.MOST
                    ? Optional.of(tags.size() + " tags are too many")
                    : TagFields.whyNot(tags),
            "at most " + TagFields.MOST + " tags, or another key or value")
        .limit("tags.count.max", TagFields.MOST)
        .to(ServerInner.class, (request, tags, asked) -> request.withTags(tags))
        .build();
  }
}
