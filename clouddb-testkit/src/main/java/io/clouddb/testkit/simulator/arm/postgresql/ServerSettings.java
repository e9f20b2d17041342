/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm.postgresql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.arm.ArmRefusal;
import io.clouddb.testkit.simulator.arm.KnownFields;
import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What Azure keeps of a server beside its database, with Azure's limits and defaults.
 *
 * @param location the region, as it was asked for
 * @param skuName the size
 * @param tier the size's tier
 * @param storageGib the disk
 * @param autoGrow whether the disk grows by itself
 * @param highAvailability the mode
 * @param retentionDays how long backups are kept
 * @param geoRedundant whether they are in the paired region, too
 * @param publicAccess whether firewall rules let in anybody
 * @param subnet the delegated subnet; null for a public server
 * @param dnsZone the private DNS zone; null for a public server
 * @param window the maintenance window; null when Azure chooses
 * @param tags the tags
 */
record ServerSettings(
    String location,
    String skuName,
    String tier,
    int storageGib,
    boolean autoGrow,
    String highAvailability,
    int retentionDays,
    boolean geoRedundant,
    boolean publicAccess,
    @Nullable String subnet,
    @Nullable String dnsZone,
    @Nullable Window window,
    Map<String, String> tags) {
  static final String KEY = "settings";

  private static final String BURSTABLE = "Burstable";

  private static final String DOMAIN = ".postgres.database.azure.com";

  /** The mode of a server without a standby. */
  private static final String OFF = "Disabled";

  private static final int LEAST_STORAGE = 32;

  /** As a location's recorded capabilities list them. */
  private static final Set<Integer> STORAGE =
      Set.of(LEAST_STORAGE, 64, 128, 256, 512, 1024, 2048, 4095, 4096, 8192, 16_384, 32_767);

  private static final int LEAST_RETENTION = 7;
  private static final int MOST_RETENTION = 35;
  private static final int MOST_TAGS = 50;
  private static final Pattern SKU =
      Pattern.compile("standard_([bde])([0-9]{1,3})[a-z]*(?:_v[0-9]+)?", Pattern.CASE_INSENSITIVE);
  private static final Set<String> MODES = Set.of(OFF, "ZoneRedundant", "SameZone");

  /** When maintenance may happen; days count from Sunday, 0. */
  record Window(int dayOfWeek, int startHour, int startMinute) {}

  ServerSettings {
    tags = Map.copyOf(tags);
  }

  /** The settings of a new server. */
  static ServerSettings created(KnownFields body) {
    if (body.number("properties.storage.storageSizeGB").isEmpty()) {
      throw ArmRefusal.missing("properties.storage.storageSizeGB");
    }
    String subnet = body.text("properties.network.delegatedSubnetResourceId").orElse(null);
    String dnsZone = body.text("properties.network.privateDnsZoneArmResourceId").orElse(null);
    if (subnet != null && dnsZone == null) {
      throw ArmRefusal.missing("properties.network.privateDnsZoneArmResourceId");
    }
    body.required("sku.name");
    body.required("sku.tier");
    return new ServerSettings(
            body.required("location"),
            "",
            "",
            LEAST_STORAGE,
            false,
            OFF,
            LEAST_RETENTION,
            isGeoRedundant(body, body.required("location")),
            hasPublicAccess(body, subnet, subnet == null),
            subnet,
            dnsZone,
            null,
            Map.of())
        .changed(body);
  }

  /**
   * The settings of a new replica of a server with these: what is not asked for is as there, but
   * for tags, network, growth of the disk, high availability and the window of maintenance. Of a
   * disk that is too small the request is refused.
   */
  ServerSettings ofReplica(KnownFields body) {
    String in = body.required("location");
    String ownSubnet = body.text("properties.network.delegatedSubnetResourceId").orElse(null);
    String ownZone = body.text("properties.network.privateDnsZoneArmResourceId").orElse(null);
    // As published: without a network a server is public, which could not reach a private source.
    if (subnet != null && ownSubnet == null) {
      throw ArmRefusal.missing("properties.network.delegatedSubnetResourceId");
    }
    if (ownSubnet != null && ownZone == null) {
      throw ArmRefusal.missing("properties.network.privateDnsZoneArmResourceId");
    }
    if (subnet == null && ownSubnet != null) {
      // Neither a document nor a recording tells of one; Azure's own client asks for none.
      throw new NotSimulatedException("a private replica of a public server");
    }
    return new ServerSettings(
            in,
            skuName,
            tier,
            storageGib,
            // No recording tells of a request that leaves it out.
            false,
            OFF,
            retentionDays,
            // "Unsupported features on read replicas".
            false,
            hasPublicAccess(body, ownSubnet, ownSubnet == null),
            ownSubnet,
            ownZone,
            null,
            Map.of())
        .changed(body);
  }

  /**
   * Refuses a private DNS zone of another domain, or with the name of the server's own host: as
   * reports have it, the second by an operation that fails.
   *
   * @see <a
   *     href="https://learn.microsoft.com/azure/postgresql/network/concepts-networking-private#use-a-private-dns-zone">Use
   *     a Private DNS zone</a>
   */
  void requireZoneFor(String server) {
    if (dnsZone == null) {
      return;
    }
    String zone = id(dnsZone);
    if (!zone.endsWith(DOMAIN)) {
      throw new ArmRefusal(
          400,
          "PrivateDnsZoneHasWrongZoneSuffix",
          "The name of the private DNS zone does not end with " + DOMAIN + ".");
    }
    if (zone.endsWith("/" + server + DOMAIN)) {
      throw ArmRefusal.later(
          "PrivateDnsZoneNameNotValid",
          "The private DNS zone [" + zone + "] has the name of the server.");
    }
  }

  /**
   * The settings of a new server that is made out of a backup of one with these. As recorded, it
   * has size, disk and retention of that one, whatever the request says; its tags, where the
   * request names none; and no standby, no window of maintenance, and backups in the paired region
   * only where the request asks for them.
   *
   * @see <a
   *     href="https://learn.microsoft.com/azure/postgresql/backup-restore/concepts-backup-restore">Backup
   *     and restore</a>
   */
  ServerSettings restored(KnownFields body) {
    String in = body.required("location");
    String ownSubnet = body.text("properties.network.delegatedSubnetResourceId").orElse(null);
    String ownZone = body.text("properties.network.privateDnsZoneArmResourceId").orElse(null);
    if (ownSubnet != null && ownZone == null) {
      throw ArmRefusal.missing("properties.network.privateDnsZoneArmResourceId");
    }
    if ((subnet == null) != (ownSubnet == null)) {
      throw ArmRefusal.invalid(
          "network", "restoring a server across public and private access is not supported");
    }
    return new ServerSettings(
        in,
        skuName,
        tier,
        storageGib,
        autoGrow,
        OFF,
        retentionDays,
        isGeoRedundant(body, in),
        hasPublicAccess(body, ownSubnet, ownSubnet == null),
        ownSubnet,
        ownZone,
        null,
        body.object("tags").map(ServerSettings::tags).orElse(tags));
  }

  private static boolean isGeoRedundant(KnownFields body, String location) {
    String word = body.text("properties.backup.geoRedundantBackup").orElse(OFF);
    if (!word.equals("Enabled") && !word.equals(OFF)) {
      throw ArmRefusal.invalid("backup.geoRedundantBackup", word);
    }
    if (word.equals("Enabled") && !PairedRegions.haveGeoBackup(id(location))) {
      throw ArmRefusal.invalid(
          "backup.geoRedundantBackup", location + " has no geo-redundant backups");
    }
    return word.equals("Enabled");
  }

  /**
   * Whether a server has public access; a request that does not say it makes one that has, where it
   * has no subnet.
   */
  private static boolean hasPublicAccess(
      KnownFields body, @Nullable String subnet, boolean otherwise) {
    Optional<String> word = body.text("properties.network.publicNetworkAccess");
    if (word.isEmpty()) {
      return otherwise;
    }
    if (!word.get().equals("Enabled") && !word.get().equals(OFF)) {
      throw ArmRefusal.invalid("network.publicNetworkAccess", word.get());
    }
    if (word.get().equals("Enabled") && subnet != null) {
      // Neither a document nor a recording tells what becomes of it.
      throw new NotSimulatedException("a server in a private network with public access");
    }
    return word.get().equals("Enabled");
  }

  /** The region's name, however it was written. */
  String region() {
    return id(location);
  }

  private static String id(String location) {
    return location.replace(" ", "").toLowerCase(Locale.ROOT);
  }

  boolean isBurstable() {
    return tier.equals(BURSTABLE);
  }

  boolean hasStandby() {
    return !highAvailability.equals(OFF);
  }

  /** How many the size's name says. */
  int processors() {
    var matcher = SKU.matcher(skuName);
    return matcher.matches() ? Integer.parseInt(matcher.group(2)) : 0;
  }

  /**
   * These settings after a PATCH, or a PUT of what exists. As published, Azure leaves the retention
   * as it was where the same request enlarges the disk, and says that it succeeded; and it refuses
   * one that changes between a burstable size and another with a standby.
   */
  ServerSettings changedInPlace(KnownFields body) {
    ServerSettings next = changed(body);
    boolean burstable = tier.equals(BURSTABLE) || next.tier.equals(BURSTABLE);
    boolean standby = !highAvailability.equals(OFF) || !next.highAvailability.equals(OFF);
    if (burstable && standby) {
      throw noStandby();
    }
    return next.storageGib > storageGib ? next.withRetention(retentionDays) : next;
  }

  private ServerSettings withRetention(int days) {
    return new ServerSettings(
        location,
        skuName,
        tier,
        storageGib,
        autoGrow,
        highAvailability,
        days,
        geoRedundant,
        publicAccess,
        subnet,
        dnsZone,
        window,
        tags);
  }

  /** These settings of a server that becomes a replica. */
  ServerSettings withoutStandby() {
    return new ServerSettings(
        location,
        skuName,
        tier,
        storageGib,
        autoGrow,
        OFF,
        retentionDays,
        geoRedundant,
        publicAccess,
        subnet,
        dnsZone,
        window,
        tags);
  }

  private static ArmRefusal noStandby() {
    return ArmRefusal.later(
        "HANotSupportedForBurstableSkuWithMoreInfo",
        "High availability is not supported for the Burstable tier.");
  }

  private ServerSettings changed(KnownFields body) {
    String newSku = body.text("sku.name").orElse(skuName);
    String newTier = body.text("sku.tier").orElse(tier);
    checkSku(newSku, newTier);
    int newStorage = body.number("properties.storage.storageSizeGB").orElse(storageGib);
    if (!STORAGE.contains(newStorage)) {
      throw ArmRefusal.outOfRange("storageSizeGB", new TreeSet<>(STORAGE).toString());
    }
    if (newStorage < storageGib) {
      throw ArmRefusal.outOfRange("storageSizeGB", "sizes from " + storageGib + " on");
    }
    String mode = body.text("properties.highAvailability.mode").orElse(highAvailability);
    if (!MODES.contains(mode)) {
      throw ArmRefusal.invalid("highAvailability.mode", mode);
    }
    if (newTier.equals(BURSTABLE) && !mode.equals(OFF)) {
      throw noStandby();
    }
    int days = body.number("properties.backup.backupRetentionDays").orElse(retentionDays);
    if (days < LEAST_RETENTION || days > MOST_RETENTION) {
      throw ArmRefusal.outOfRange("backupRetentionDays", "7 to 35");
    }
    return new ServerSettings(
        location,
        newSku,
        newTier,
        newStorage,
        body.text("properties.storage.autoGrow").map(ServerSettings::grows).orElse(autoGrow),
        mode,
        days,
        geoRedundant,
        hasPublicAccess(body, subnet, publicAccess),
        subnet,
        dnsZone,
        window(body),
        body.object("tags").map(ServerSettings::tags).orElse(tags));
  }

  private static boolean grows(String word) {
    if (!word.equals("Enabled") && !word.equals(OFF)) {
      throw ArmRefusal.invalid("storage.autoGrow", word);
    }
    return word.equals("Enabled");
  }

  private static void checkSku(String name, String tier) {
    var matcher = SKU.matcher(name);
    if (!matcher.matches() || !Capabilities.has(name)) {
      throw ArmRefusal.invalid("sku.name", name);
    }
    String expected =
        switch (matcher.group(1).toUpperCase(Locale.ROOT)) {
          case "B" -> BURSTABLE;
          case "D" -> "GeneralPurpose";
          default -> "MemoryOptimized";
        };
    if (!tier.equals(expected)) {
      throw ArmRefusal.later(
          "ServerEditionIncompatibleWithSkuSize",
          "The requested server edition is incompatible with requested Sku Size.");
    }
  }

  private @Nullable Window window(KnownFields body) {
    Optional<String> custom = body.text("properties.maintenanceWindow.customWindow");
    if (custom.isEmpty()) {
      return window;
    }
    if (custom.get().equals("Disabled")) {
      return null;
    }
    if (!custom.get().equals("Enabled")) {
      throw ArmRefusal.invalid("maintenanceWindow.customWindow", custom.get());
    }
    int day = body.number("properties.maintenanceWindow.dayOfWeek").orElse(0);
    int hour = body.number("properties.maintenanceWindow.startHour").orElse(0);
    int minute = body.number("properties.maintenanceWindow.startMinute").orElse(0);
    if (day < 0 || day > 6 || hour < 0 || hour > 23 || minute < 0 || minute > 59) {
      throw ArmRefusal.outOfRange("maintenanceWindow", "day 0 to 6, hour 0 to 23, minute 0 to 59");
    }
    return new Window(day, hour, minute);
  }

  private static Map<String, String> tags(ObjectNode node) {
    Map<String, String> tags = new TreeMap<>();
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    for (Map.Entry<String, JsonNode> tag : node.properties()) {
      if (!names.add(tag.getKey())) {
        // "Tag names are case-insensitive": nothing tells whether it is refused, or which is kept.
        throw new NotSimulatedException("two tags that differ by case only: " + tag.getKey());
      }
      tags.put(tag.getKey(), tag.getValue().asText());
    }
    if (tags.size() > MOST_TAGS) {
      throw new ArmRefusal(400, "InvalidTags", "A resource has at most 50 tags.");
    }
    return tags;
  }
}
