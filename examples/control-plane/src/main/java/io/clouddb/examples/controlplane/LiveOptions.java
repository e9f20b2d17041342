/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.controlplane;

import io.clouddb.CloudConfig;
import io.clouddb.DataSize;
import io.clouddb.examples.cloud.Cloud;
import io.clouddb.examples.command.BadInputException;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where in a real account, and of what size. */
final class LiveOptions {
  @Option(
      names = "--region",
      paramLabel = "REGION",
      defaultValue = "${env:CLOUDDB_REGION}",
      description = "With --live: the region; or CLOUDDB_REGION.")
  private @Nullable String region;

  @Option(
      names = "--other-region",
      paramLabel = "REGION",
      defaultValue = "${env:CLOUDDB_OTHER_REGION}",
      description = "With --live: the region to fail over to; or CLOUDDB_OTHER_REGION.")
  private @Nullable String otherRegion;

  @Option(
      names = "--project",
      paramLabel = "ID",
      defaultValue = "${env:CLOUDDB_PROJECT}",
      description = "With --live gcp: the project; or CLOUDDB_PROJECT.")
  private @Nullable String project;

  @Option(
      names = "--subscription",
      paramLabel = "ID",
      defaultValue = "${env:CLOUDDB_SUBSCRIPTION}",
      description = "With --live azure: the subscription; or CLOUDDB_SUBSCRIPTION.")
  private @Nullable String subscription;

  @Option(
      names = "--resource-group",
      paramLabel = "NAME",
      defaultValue = "${env:CLOUDDB_RESOURCE_GROUP}",
      description = "With --live azure: a resource group; or CLOUDDB_RESOURCE_GROUP.")
  private @Nullable String resourceGroup;

  @Option(
      names = "--allow",
      paramLabel = "CIDR",
      defaultValue = "${env:CLOUDDB_ALLOW}",
      description =
          "With --live: the addresses that may connect, this machine's among them; or"
              + " CLOUDDB_ALLOW.")
  private @Nullable String allow;

  @Option(
      names = "--network",
      paramLabel = "ID",
      defaultValue = "${env:CLOUDDB_NETWORK}",
      description =
          "With --live, in place of --allow: a DB subnet group, delegated subnet or VPC that this"
              + " machine reaches; or CLOUDDB_NETWORK.")
  private @Nullable String network;

  @Option(
      names = "--other-network",
      paramLabel = "ID",
      defaultValue = "${env:CLOUDDB_OTHER_NETWORK}",
      description = "The same in the other region; or CLOUDDB_OTHER_NETWORK.")
  private @Nullable String otherNetwork;

  @Option(
      names = "--dns-zone",
      paramLabel = "ID",
      defaultValue = "${env:CLOUDDB_DNS_ZONE}",
      description = "With --live azure --network: the private DNS zone; or CLOUDDB_DNS_ZONE.")
  private @Nullable String dnsZone;

  @Option(
      names = "--security-group",
      paramLabel = "ID",
      defaultValue = "${env:CLOUDDB_SECURITY_GROUP}",
      description =
          "With --live aws: the VPC security group that lets this machine in; or"
              + " CLOUDDB_SECURITY_GROUP.")
  private @Nullable String securityGroup;

  @Option(
      names = "--other-security-group",
      paramLabel = "ID",
      defaultValue = "${env:CLOUDDB_OTHER_SECURITY_GROUP}",
      description = "The same in the other region; or CLOUDDB_OTHER_SECURITY_GROUP.")
  private @Nullable String otherSecurityGroup;

  @Option(
      names = "--other-key",
      paramLabel = "ID",
      defaultValue = "${env:CLOUDDB_OTHER_KEY}",
      description =
          "With --live: a key of the other region that encrypts there; on AWS alias/aws/rds unless"
              + " given; or CLOUDDB_OTHER_KEY.")
  private @Nullable String otherKey;

  @Option(
      names = "--size",
      paramLabel = "NAME",
      defaultValue = "${env:CLOUDDB_SIZE}",
      description =
          "With --live: the vendor's name of a size, such as db.m7g.large; the least with 2 CPUs"
              + " and 8 GiB unless given; or CLOUDDB_SIZE.")
  private @Nullable String size;

  @Option(
      names = "--storage",
      paramLabel = "GIB",
      defaultValue = "${env:CLOUDDB_STORAGE:-32}",
      description = "With --live: the disk of an instance, 32 unless given; or CLOUDDB_STORAGE.")
  private int storage;

  /** The key of RDS itself: across regions a replica of an encrypted instance has to name one. */
  static Optional<String> usualKey(Cloud cloud) {
    return cloud == Cloud.AWS ? Optional.of("alias/aws/rds") : Optional.empty();
  }

  /** The first region. */
  String region(Cloud cloud) {
    return region == null ? cloud.location() : region;
  }

  /** The region to fail over to. */
  String otherRegion(Cloud cloud) {
    return otherRegion == null ? cloud.otherLocation() : otherRegion;
  }

  /** What an instance is, for people. */
  String describeSize() {
    return (size == null ? "2 CPUs, 8 GiB" : size) + " and a disk of " + storage + " GiB";
  }

  /**
   * Holds them against each other.
   *
   * @param cloud whose account it is
   * @throws BadInputException naming all that is missing or wrong
   */
  void check(Cloud cloud) {
    List<String> wrong = new ArrayList<>();
    if (region(cloud).equals(otherRegion(cloud))) {
      wrong.add("--other-region is the region itself; a failover needs another one");
    }
    if (cloud == Cloud.GCP && project == null) {
      wrong.add("--project is missing");
    }
    if (cloud == Cloud.AZURE && subscription == null) {
      wrong.add("--subscription is missing");
    }
    if (cloud == Cloud.AZURE && resourceGroup == null) {
      wrong.add("--resource-group is missing");
    }
    if (allow != null && network != null) {
      wrong.add("either --allow or --network");
    }
    if (cloud != Cloud.AWS && allow == null && network == null) {
      wrong.add("--allow or --network is missing: nobody could connect");
    }
    if (network != null && cloud != Cloud.GCP && otherNetwork == null) {
      wrong.add("--other-network is missing beside --network");
    }
    if (network == null && (otherNetwork != null || dnsZone != null)) {
      wrong.add("--other-network and --dns-zone go with --network");
    }
    if (allow == null && network == null && (securityGroup != null || otherSecurityGroup != null)) {
      // Of a network that nothing is said of, the group would be lost.
      wrong.add("--security-group and --other-security-group go with --allow or --network");
    }
    if (storage < 1) {
      wrong.add("--storage is at least 1");
    }
    if (!wrong.isEmpty()) {
      throw new BadInputException(
          "--live " + cloud.id() + " cannot run: " + String.join("; ", wrong));
    }
  }

  /**
   * What may go wrong, and cannot be told without a call. RDS takes the default security group of a
   * VPC where none is named, which lets in its own members only, unless its owner has changed that:
   * https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
   *
   * @param cloud whose account it is
   * @return what to do about it, in sentences; empty when there is nothing
   */
  List<String> warnings(Cloud cloud) {
    List<String> all = new ArrayList<>();
    if (cloud == Cloud.AWS && securityGroup == null) {
      all.add(defaultGroup("--security-group", region(cloud)));
    }
    if (cloud == Cloud.AWS && otherSecurityGroup == null) {
      all.add(defaultGroup("--other-security-group", otherRegion(cloud)));
    }
    return all;
  }

  private static String defaultGroup(String option, String region) {
    return "Without "
        + option
        + " the default security group of the VPC in "
        + region
        + " says who may connect: its own members only, unless somebody has opened it. Name a group"
        + " that lets this machine in on port 5432, beside --allow or --network. Else the first"
        + " connection there fails, and all that was made by then is deleted again.";
  }

  /** Opens the account. Makes no remote call. */
  Place open(Cloud cloud) {
    CloudConfig.Builder config = CloudConfig.builder(cloud.id(), region(cloud));
    property(config, "project", project);
    property(config, "subscription", subscription);
    property(config, "resourceGroup", resourceGroup);
    return Place.open(cloud, false, config.build(), otherRegion(cloud), shape(cloud), () -> {});
  }

  /** What instances are like. */
  Place.Shape shape(Cloud cloud) {
    InstanceSize least = InstanceSize.atLeast(2, DataSize.gib(8));
    InstanceSize asked = size == null ? least : InstanceSize.named(size);
    return new Place.Shape(
        asked,
        asked,
        DataSize.gib(storage),
        network(network, securityGroup),
        // A VPC of Google's is in all regions.
        network(otherNetwork == null ? network : otherNetwork, otherSecurityGroup),
        Optional.ofNullable(otherKey).or(() -> usualKey(cloud)));
  }

  private static void property(CloudConfig.Builder config, String name, @Nullable String value) {
    if (value != null) {
      config.property(name, value);
    }
  }

  private Optional<Network> network(@Nullable String id, @Nullable String group) {
    Network made;
    if (id != null) {
      made = Network.privateNetwork(id);
    } else if (allow != null) {
      made = Network.publicAccess(allow);
    } else {
      return Optional.empty();
    }
    if (dnsZone != null) {
      made = made.dnsZone(dnsZone);
    }
    return Optional.of(group == null ? made : made.securityGroup(group));
  }
}
