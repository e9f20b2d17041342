/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.AclEntry;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.DiskEncryptionConfiguration;
import com.google.api.services.sqladmin.model.IpConfiguration;
import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.instance.Availability;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.Network;
import io.clouddb.plan.Field;
import io.clouddb.spi.mapping.FieldRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a new instance can have of its own that is otherwise as another one: a replica, or one that
 * is restored. Written into a {@link DatabaseInstance} whose settings have what is the other's.
 */
final class NewInstanceRows {
  /** Labels that are left for the caller, beside five of this library's own. */
  static final int MOST_TAGS = Labels.MOST - 5;

  private static final int LONGEST_NAME_WITH_PROJECT = 98;
  private static final String ADDRESSES = "settings.ipConfiguration.authorizedNetworks";

  /** What is made as its source is has its network, which "cannot be removed after it is set". */
  static final String STAYS_INSIDE = "beside the private network of its source, where that has one";

  private static final Pattern KEY =
      Pattern.compile("projects/[^/]+/locations/([^/]+)/keyRings/[^/]+/cryptoKeys/[^/]+");

  private NewInstanceRows() {}

  /** The region of a key; empty when it is no key's name. */
  static Optional<String> regionOf(String key) {
    var matcher = KEY.matcher(key);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  static FieldRow<String, DatabaseInstance> name(Field field, String vendorField) {
    return FieldRow.<String, DatabaseInstance>of(field, String.class, vendorField)
        .only(
            "The project's id and the name have at most 97 characters together",
            (name, asked) ->
                (asked.facts(Place.class).project() + ":" + name).length()
                        > LONGEST_NAME_WITH_PROJECT
                    ? Optional.of("project and name together have more than 97 characters")
                    : Optional.empty(),
            "a shorter name")
        .to(DatabaseInstance.class, (body, name, asked) -> body.setName(name))
        .build();
  }

  /**
   * The size.
   *
   * @param takesOver whether all settings of the source are taken over that the size has
   */
  static FieldRow<InstanceSize, DatabaseInstance> size(Field field, boolean takesOver) {
    return FieldRow.<InstanceSize, DatabaseInstance>of(field, InstanceSize.class, "settings.tier")
        .only(
            "A tier by name, or the smallest custom machine",
            (size, asked) -> Tier.whyNot(size),
            "InstanceSize.named(...) with a tier such as db-custom-2-8192 or db-perf-optimized-N-8")
        .shown((size, asked) -> Tier.of(size).orElseThrow().name())
        .noted(
            (size, asked) ->
                Tier.of(size).map(tier -> withIt(tier) + (takesOver ? without(tier) : "")))
        .to(
            DatabaseInstance.class,
            (body, size, asked) -> {
              Tier tier = Tier.of(size).orElseThrow();
              Settings settings = body.getSettings();
              boolean hdd = tier.hasHdd() && Tier.HDD.equals(settings.getDataDiskType());
              settings
                  .setTier(tier.name())
                  .setEdition(tier.edition())
                  .setDataDiskType(hdd ? Tier.HDD : tier.ssd());
            })
        .build();
  }

  /** What comes with a size, also where its source has another edition, or another disk. */
  private static String withIt(Tier tier) {
    return tier.edition()
        + ", with a disk "
        + tier.ssd()
        + (tier.hasHdd() ? ", or " + Tier.HDD + " as its source" : "");
  }

  /** What a source may have and the size has not: {@link SettingsOfSize} leaves it out. */
  private static String without(Tier tier) {
    List<String> all = new ArrayList<>();
    if (tier.edition().equals(Tier.ENTERPRISE)) {
      all.add("what only " + Tier.ENTERPRISE_PLUS + " has");
    }
    if (!tier.hasHyperdisk()) {
      all.add("what is bought of a Hyperdisk");
    }
    return all.isEmpty() ? "" : ", without " + String.join(" and ", all);
  }

  static FieldRow.Builder<Availability, DatabaseInstance> availability(Field field) {
    return FieldRow.<Availability, DatabaseInstance>of(
            field, Availability.class, "settings.availabilityType")
        .to(
            DatabaseInstance.class,
            (body, availability, asked) ->
                body.getSettings().setAvailabilityType(availability.name()));
  }

  static FieldRow<Network, DatabaseInstance> privateNetwork(Field field, String which) {
    return FieldRow.<Network, DatabaseInstance>of(
            field, Network.class, "settings.ipConfiguration.privateNetwork")
        .only(which + ", by its resource name", (n, a) -> whyNotPrivate(n), "")
        .shown((network, asked) -> network.privateNetwork().orElse(""))
        .to(
            DatabaseInstance.class,
            (body, network, asked) ->
                addresses(body)
                    .setIpv4Enabled(false)
                    .setAuthorizedNetworks(null)
                    .setPrivateNetwork(network.privateNetwork().orElseThrow()))
        .build();
  }

  private static Optional<String> whyNotPrivate(Network network) {
    if (!network.securityGroups().isEmpty()) {
      return Optional.of("Cloud SQL has no security groups");
    }
    if (network.dnsZone().isPresent()) {
      return Optional.of("Cloud SQL registers in no private DNS zone");
    }
    if (!network.allowedCidrs().isEmpty()) {
      return Optional.of("a private network and public address ranges are asked for at once");
    }
    String vpc = network.privateNetwork().orElse("");
    return Vpc.isName(vpc)
        ? Optional.empty()
        : Optional.of(
            "'" + vpc + "' is no VPC's resource name, projects/<project>/global/networks/<vpc>");
  }

  static FieldRow.Builder<Network, DatabaseInstance> publicAccess(Field field) {
    return FieldRow.<Network, DatabaseInstance>of(field, Network.class, ADDRESSES)
        .only("IPv4 address ranges", (n, a) -> whyNotPublic(n), "IPv4 address ranges alone")
        .shown((network, asked) -> network.allowedCidrs())
        .to(
            DatabaseInstance.class,
            (body, network, asked) ->
                addresses(body)
                    .setIpv4Enabled(true)
                    .setAuthorizedNetworks(
                        network.allowedCidrs().stream()
                            .map(cidr -> new AclEntry().setKind("sql#aclEntry").setValue(cidr))
                            .toList()));
  }

  private static Optional<String> whyNotPublic(Network network) {
    if (!network.securityGroups().isEmpty()) {
      return Optional.of("Cloud SQL has no security groups");
    }
    if (network.dnsZone().isPresent()) {
      return Optional.of("Cloud SQL takes no private DNS zone");
    }
    List<String> ipv6 = network.allowedCidrs().stream().filter(cidr -> cidr.contains(":")).toList();
    return ipv6.isEmpty()
        ? Optional.empty()
        : Optional.of("authorized networks are IPv4 only, and " + ipv6 + " are asked for");
  }

  private static IpConfiguration addresses(DatabaseInstance body) {
    Settings settings = body.getSettings();
    if (settings.getIpConfiguration() == null) {
      settings.setIpConfiguration(new IpConfiguration());
    }
    return settings.getIpConfiguration();
  }

  static FieldRow.Builder<String, DatabaseInstance> encryptionKey(Field field, String which) {
    return FieldRow.<String, DatabaseInstance>of(
            field, String.class, "diskEncryptionConfiguration.kmsKeyName")
        .only(
            which,
            (key, asked) -> whyNotKey(key, asked.facts(Place.class)),
            "projects/<project>/locations/<region>/keyRings/<ring>/cryptoKeys/<key>")
        .to(
            DatabaseInstance.class,
            (body, key, asked) ->
                body.setDiskEncryptionConfiguration(
                    new DiskEncryptionConfiguration().setKmsKeyName(key)));
  }

  private static Optional<String> whyNotKey(String key, Place place) {
    Optional<String> region = regionOf(key);
    if (region.isEmpty()) {
      return Optional.of("'" + key + "' is no resource name of a Cloud KMS key");
    }
    return region.filter(place.region()::equals).isPresent()
        ? Optional.empty()
        : Optional.of(
            "the key is in " + region.get() + ", and what it is for in " + place.region());
  }

  static FieldRow<Boolean, DatabaseInstance> deletionProtection(Field field) {
    return FieldRow.<Boolean, DatabaseInstance>of(
            field, Boolean.class, "settings.deletionProtectionEnabled")
        .to(
            DatabaseInstance.class,
            (body, on, asked) -> body.getSettings().setDeletionProtectionEnabled(on))
        .build();
  }

  @SuppressWarnings("rawtypes") // A class is of no parameters.
  static FieldRow<Map, DatabaseInstance> tags(Field field) {
    return FieldRow.<Map, DatabaseInstance>of(field, Map.class, "settings.userLabels")
        .only(
            "Labels", (tags, asked) -> whyNotTags(texts(tags)), "a few labels such as environment")
        .limit("tags.max", MOST_TAGS)
        .to(
            DatabaseInstance.class,
            (body, tags, asked) -> {
              Map<String, String> labels = new TreeMap<>(InstanceReader.labels(body.getSettings()));
              labels.putAll(texts(tags));
              body.getSettings().setUserLabels(labels);
            })
        .build();
  }

  private static Optional<String> whyNotTags(Map<String, String> tags) {
    return tags.size() > MOST_TAGS
        ? Optional.of("it has at most " + MOST_TAGS + " labels beside this library's own")
        : Labels.whyNot(tags);
  }

  private static Map<String, String> texts(Map<?, ?> map) {
    Map<String, String> texts = new TreeMap<>();
    map.forEach((key, value) -> texts.put(String.valueOf(key), String.valueOf(value)));
    return texts;
  }
}
