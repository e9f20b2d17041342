/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.AclEntry;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.DiskEncryptionConfiguration;
import com.google.api.services.sqladmin.model.IpConfiguration;
import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.ResourceId;
import io.clouddb.Support;
import io.clouddb.instance.Availability;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.Network;
import io.clouddb.plan.Plan;
import io.clouddb.plan.Specification;
import io.clouddb.replica.Promotion;
import io.clouddb.replica.ReplicaField;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.spi.mapping.Asked;
import io.clouddb.spi.mapping.FieldRow;
import io.clouddb.spi.mapping.FieldTable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;

/**
 * What Cloud SQL makes of a replica's spec and of a promotion: by <a
 * href="https://cloud.google.com/sql/docs/postgres/replication">About replication in Cloud SQL</a>
 * and <a href="https://cloud.google.com/sql/docs/postgres/use-advanced-disaster-recovery">Use
 * advanced disaster recovery</a>.
 */
final class ReplicaTables {
  /**
   * Where a table is used.
   *
   * @param project the project's id
   * @param region the replica's region
   */
  record Place(String project, String region) {}

  /** Labels that are left for the caller, beside five of this library's own. */
  static final int MOST_TAGS = Labels.MOST - 5;

  private static final String PROVIDER = "gcp";
  private static final int LONGEST_NAME_WITH_PROJECT = 98;
  private static final String ADDRESSES = "settings.ipConfiguration.authorizedNetworks";

  /** It is its source's, and of any instance "cannot be removed after it is set". */
  private static final String STAYS_INSIDE =
      "beside the private network of its source, where that has one";

  private static final Pattern KEY =
      Pattern.compile("projects/[^/]+/locations/([^/]+)/keyRings/[^/]+/cryptoKeys/[^/]+");
  private static final String DISASTER_RECOVERY =
      "The replica is its primary's disaster recovery replica, in another region, and both are of"
          + " the edition ENTERPRISE_PLUS";

  private static final FieldTable<DatabaseInstance> SPEC =
      FieldTable.of(
          PROVIDER,
          "Cloud SQL's read replicas",
          List.of(
              name(),
              source(),
              size(),
              availability(),
              privateNetwork(),
              publicAccess(),
              encryptionKey(),
              FieldRow.<Boolean, DatabaseInstance>of(
                      ReplicaField.DELETION_PROTECTION,
                      Boolean.class,
                      "settings.deletionProtectionEnabled")
                  .to(
                      DatabaseInstance.class,
                      (body, on, asked) -> body.getSettings().setDeletionProtectionEnabled(on))
                  .build(),
              tags()));

  private static final FieldTable<DatabaseInstance> PROMOTION =
      FieldTable.of(
          PROVIDER,
          "Cloud SQL's promotions",
          List.of(
              form(ReplicaField.STANDALONE, "instances.promoteReplica").build(),
              form(ReplicaField.STANDALONE_FORCED, "instances.promoteReplica").build(),
              form(ReplicaField.SWITCHOVER, "instances.switchover")
                  .only(
                      DISASTER_RECOVERY + "; one that has none yet is given this replica as such",
                      (form, asked) -> Optional.empty(),
                      "")
                  .build(),
              form(ReplicaField.SWITCHOVER_FORCED, "instances.promoteReplica.failover")
                  .only(DISASTER_RECOVERY, (form, asked) -> Optional.empty(), "")
                  .build()));

  private ReplicaTables() {}

  static Plan plan(ReplicaSpec spec, Place place) {
    return SPEC.plan(new Asked(spec, place));
  }

  static Plan plan(Promotion promotion, Place place) {
    return PROMOTION.plan(new Asked(promotion, place));
  }

  /** Puts what is asked for into the body of an insert, over what is its source's. */
  static void write(DatabaseInstance body, Specification spec, Place place) {
    SPEC.write(DatabaseInstance.class, body, new Asked(spec, place));
  }

  /** Whether there is a feature of replicas; empty when it is none of theirs. */
  static Optional<Support> supports(Feature feature, FeatureContext context) {
    for (ReplicaField field : ReplicaField.values()) {
      if (feature.equals(Feature.of(field))) {
        return Optional.of(
            feature.id().startsWith("replica.promote.")
                ? PROMOTION.support(field, context)
                : SPEC.support(field, context));
      }
    }
    return Optional.empty();
  }

  /** The region of a key; empty when it is no key's name. */
  static Optional<String> regionOf(String key) {
    var matcher = KEY.matcher(key);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private static FieldRow.Builder<Promotion.Form, DatabaseInstance> form(
      ReplicaField field, String method) {
    return FieldRow.of(field, Promotion.Form.class, method);
  }

  private static FieldRow<String, DatabaseInstance> name() {
    return FieldRow.<String, DatabaseInstance>of(ReplicaField.NAME, String.class, "name")
        .only(
            "The project's id and the name have at most 97 characters together",
            when(
                (name, place) ->
                    (place.project() + ":" + name).length() > LONGEST_NAME_WITH_PROJECT,
                "project and name together have more than 97 characters"),
            "a shorter name")
        .to(DatabaseInstance.class, (body, name, asked) -> body.setName(name))
        .build();
  }

  private static FieldRow<ResourceId, DatabaseInstance> source() {
    return FieldRow.<ResourceId, DatabaseInstance>of(
            ReplicaField.SOURCE, ResourceId.class, "masterInstanceName")
        .only(
            "An instance of the same project, in any region",
            when(
                (source, place) -> !source.account().equals(place.project()),
                "a replica is made in the project of its source"),
            "the cloud of the source's project")
        .shown((source, asked) -> source.name())
        .to(
            DatabaseInstance.class,
            (body, source, asked) -> body.setMasterInstanceName(source.name()))
        .build();
  }

  private static FieldRow<InstanceSize, DatabaseInstance> size() {
    return FieldRow.<InstanceSize, DatabaseInstance>of(
            ReplicaField.SIZE, InstanceSize.class, "settings.tier")
        .only(
            "A tier by name, or the smallest custom machine",
            (size, asked) -> Tier.whyNot(size),
            "InstanceSize.named(...) with a tier such as db-custom-2-8192 or db-perf-optimized-N-8")
        .shown((size, asked) -> Tier.of(size).orElseThrow().name())
        .noted((size, asked) -> Tier.of(size).map(ReplicaTables::withIt))
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

  private static FieldRow<Availability, DatabaseInstance> availability() {
    return FieldRow.<Availability, DatabaseInstance>of(
            ReplicaField.AVAILABILITY, Availability.class, "settings.availabilityType")
        .to(
            DatabaseInstance.class,
            (body, availability, asked) ->
                body.getSettings().setAvailabilityType(availability.name()))
        .build();
  }

  private static FieldRow<Network, DatabaseInstance> privateNetwork() {
    return FieldRow.<Network, DatabaseInstance>of(
            ReplicaField.PRIVATE_NETWORK, Network.class, "settings.ipConfiguration.privateNetwork")
        .only("The VPC of its source, by its resource name", (n, a) -> whyNotPrivate(n), "")
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

  private static FieldRow<Network, DatabaseInstance> publicAccess() {
    return FieldRow.<Network, DatabaseInstance>of(
            ReplicaField.PUBLIC_ACCESS, Network.class, ADDRESSES)
        .only("IPv4 address ranges", (n, a) -> whyNotPublic(n), "IPv4 address ranges alone")
        .shown((network, asked) -> network.allowedCidrs())
        .noted((network, asked) -> Optional.of(STAYS_INSIDE))
        .to(
            DatabaseInstance.class,
            (body, network, asked) ->
                addresses(body)
                    .setIpv4Enabled(true)
                    .setAuthorizedNetworks(
                        network.allowedCidrs().stream()
                            .map(cidr -> new AclEntry().setKind("sql#aclEntry").setValue(cidr))
                            .toList()))
        .build();
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
    return body.getSettings().getIpConfiguration();
  }

  private static FieldRow<String, DatabaseInstance> encryptionKey() {
    return FieldRow.<String, DatabaseInstance>of(
            ReplicaField.ENCRYPTION_KEY, String.class, "diskEncryptionConfiguration.kmsKeyName")
        .only(
            "A Cloud KMS key of the replica's region, where its source has a key too",
            (key, asked) -> whyNotKey(key, asked.facts(Place.class)),
            "projects/<project>/locations/<region>/keyRings/<ring>/cryptoKeys/<key>")
        .to(
            DatabaseInstance.class,
            (body, key, asked) ->
                body.setDiskEncryptionConfiguration(
                    new DiskEncryptionConfiguration().setKmsKeyName(key)))
        .build();
  }

  private static Optional<String> whyNotKey(String key, Place place) {
    Optional<String> region = regionOf(key);
    if (region.isEmpty()) {
      return Optional.of("'" + key + "' is no resource name of a Cloud KMS key");
    }
    return region.filter(place.region()::equals).isPresent()
        ? Optional.empty()
        : Optional.of("the key is in " + region.get() + ", and the replica in " + place.region());
  }

  private static FieldRow<Object, DatabaseInstance> tags() {
    return FieldRow.<Object, DatabaseInstance>of(
            ReplicaField.TAGS, Object.class, "settings.userLabels")
        .only("Labels", (tags, asked) -> whyNotTags(asked), "a few labels such as environment")
        .limit("tags.max", MOST_TAGS)
        .same(
            (wanted, actual, asked) ->
                ((Map<?, ?>) actual).entrySet().containsAll(((Map<?, ?>) wanted).entrySet()))
        .to(
            DatabaseInstance.class,
            (body, tags, asked) -> body.getSettings().getUserLabels().putAll(tagsOf(asked)))
        .build();
  }

  private static Map<String, String> tagsOf(Asked asked) {
    return ((ReplicaSpec) asked.specification()).tags();
  }

  private static Optional<String> whyNotTags(Asked asked) {
    return tagsOf(asked).size() > MOST_TAGS
        ? Optional.of("a replica has at most " + MOST_TAGS + " labels beside this library's own")
        : Labels.whyNot(tagsOf(asked));
  }

  private static <V> BiFunction<V, Asked, Optional<String>> when(
      BiPredicate<V, Place> wrong, String why) {
    return (value, asked) ->
        wrong.test(value, asked.facts(Place.class)) ? Optional.of(why) : Optional.empty();
  }
}
