/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.google.sql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import io.clouddb.testkit.simulator.google.GoogleJson;
import io.clouddb.testkit.simulator.google.GoogleRefusal;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Cloud SQL adds to an instance that a request describes in part, and what it refuses. The
 * numbers are those of its documentation.
 */
final class InstanceRules {
  private static final Pattern NAME = Pattern.compile("[a-z](?:[a-z0-9-]{0,96}[a-z0-9])?");
  private static final Pattern VERSION = Pattern.compile("POSTGRES_([0-9_]+)");
  private static final Pattern LABEL_KEY = Pattern.compile("[a-z][a-z0-9_-]{0,62}");
  private static final Pattern LABEL_VALUE = Pattern.compile("[a-z0-9_-]{0,63}");
  private static final Pattern TIME = Pattern.compile("(?:[01][0-9]|2[0-3]):[0-5][0-9]");
  private static final Pattern IPV4 =
      Pattern.compile(
          "(?:OCTET\\.){3}OCTET(?:/(?:[12]?[0-9]|3[0-2]))?"
              .replace("OCTET", "(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])"));
  private static final Set<String> TLS_MODES =
      Set.of("ALLOW_UNENCRYPTED_AND_ENCRYPTED", "ENCRYPTED_ONLY");
  static final String PLUS_EDITION = "ENTERPRISE_PLUS";

  /**
   * Left out where they are false, as nothing else that is off: of google.cloud.sql.v1 these are of
   * the type bool, and the others BoolValue.
   */
  private static final Set<String> PLAIN_BOOLS =
      Set.of("queryInsightsEnabled", "recordApplicationTags", "recordClientAddress");

  private static final int LEAST_VERSION = 14;
  private static final int MOST_VERSION = 18;
  private static final int MOST_LABELS = 64;
  private static final int MOST_BACKUPS = 365;

  private InstanceRules() {}

  /**
   * The instance that an insert makes: what is asked for, and the service's defaults.
   *
   * @param body the request's body
   * @return without the password
   */
  static ObjectNode complete(ObjectNode body) {
    ObjectNode instance = GoogleJson.object();
    instance.put("instanceType", "CLOUD_SQL_INSTANCE");
    ObjectNode settings = instance.putObject("settings");
    String tier = body.path("settings").path("tier").asText();
    settings
        .put("kind", "sql#settings")
        .put("activationPolicy", "ALWAYS")
        .put("availabilityType", "ZONAL")
        .put("connectorEnforcement", "NOT_REQUIRED")
        .put("dataDiskSizeGb", String.valueOf(MachineRules.leastDisk(tier)))
        .put("dataDiskType", MachineRules.usualDisk(tier))
        .put("deletionProtectionEnabled", false)
        .put("edition", "ENTERPRISE")
        .put("pricingPlan", "PER_USE")
        .put("replicationType", "SYNCHRONOUS")
        .put("storageAutoResize", true)
        .put("storageAutoResizeLimit", "0");
    settings.putArray("authorizedGaeApplications");
    usualBackups(settings, body.path("settings").path("edition").asText());
    ObjectNode addresses = settings.putObject("ipConfiguration");
    addresses.put("ipv4Enabled", true).put("requireSsl", false);
    addresses.put("sslMode", "ALLOW_UNENCRYPTED_AND_ENCRYPTED");
    addresses.putArray("authorizedNetworks");
    settings
        .putObject("locationPreference")
        .put("kind", "sql#locationPreference")
        .put("zone", body.path("region").asText() + "-a");
    settings.putObject("userLabels");
    GoogleJson.merge(instance, body);
    instance.remove("rootPassword");
    normalise(instance);
    settings.put("settingsVersion", "1");
    return instance;
  }

  /** The backup configuration that nobody has asked for, with what a standby needs. */
  static void usualBackups(ObjectNode settings) {
    ObjectNode backups = usualBackups(settings, settings.path("edition").asText());
    if (settings.path("availabilityType").asText().equals("REGIONAL")) {
      backups.put("enabled", true).put("pointInTimeRecoveryEnabled", true);
    }
  }

  /**
   * "Cloud SQL backups" and "Use point-in-time recovery (PITR)" of Google's documentation:
   * Enterprise Plus has both switched on by default, 15 backups and 14 days of logs.
   */
  private static ObjectNode usualBackups(ObjectNode settings, String edition) {
    boolean plus = edition.equals(PLUS_EDITION);
    ObjectNode backups = settings.putObject("backupConfiguration");
    backups
        .put("kind", "sql#backupConfiguration")
        .put("enabled", plus)
        .put("startTime", "12:00")
        .put("replicationLogArchivingEnabled", false)
        .put("transactionLogRetentionDays", plus ? 14 : 7)
        .put("transactionalLogStorageState", "TRANSACTIONAL_LOG_STORAGE_STATE_UNSPECIFIED");
    if (plus) {
      backups.put("pointInTimeRecoveryEnabled", true);
    }
    backups
        .putObject("backupRetentionSettings")
        .put("retainedBackups", plus ? 15 : 7)
        .put("retentionUnit", "COUNT");
    return backups;
  }

  /** Adds the kinds that the service writes, and writes its 64 bit numbers as texts. */
  static void normalise(ObjectNode instance) {
    ObjectNode settings = (ObjectNode) instance.get("settings");
    for (String number : Set.of("dataDiskSizeGb", "storageAutoResizeLimit")) {
      settings.put(number, settings.path(number).asText());
    }
    if (settings.get("maintenanceWindow") instanceof ObjectNode window) {
      window.put("kind", "sql#maintenanceWindow");
    }
    if (settings.get("backupConfiguration") instanceof ObjectNode backups) {
      // Said of MySQL only, and not given back for PostgreSQL.
      backups.remove("binaryLogEnabled");
    }
    if (settings.get("insightsConfig") instanceof ObjectNode insights) {
      normaliseInsights(insights);
    }
    if (instance.get("diskEncryptionConfiguration") instanceof ObjectNode encryption) {
      encryption.put("kind", "sql#diskEncryptionConfiguration");
    }
  }

  private static void normaliseInsights(ObjectNode insights) {
    if (insights.path("queryInsightsEnabled").asBoolean()) {
      putIfAbsent(insights, "queryPlansPerMinute", 5);
      putIfAbsent(insights, "queryStringLength", 1024);
    }
    for (String plain : PLAIN_BOOLS) {
      if (!insights.path(plain).asBoolean()) {
        insights.remove(plain);
      }
    }
  }

  private static void putIfAbsent(ObjectNode node, String field, int value) {
    if (!node.has(field)) {
      node.put(field, value);
    }
  }

  /** Refuses what the service refuses. */
  static void check(ObjectNode instance) {
    require(NAME.matcher(instance.path("name").asText()).matches(), "instance name");
    require(!instance.path("region").asText().isEmpty(), "missing region");
    JsonNode settings = instance.path("settings");
    MachineRules.check(settings);
    checkBackups(settings, ReplicaRules.isReplica(instance));
    FinalBackups.check(settings);
    checkAddresses(settings.path("ipConfiguration"));
    checkLabels(settings.path("userLabels"));
    JsonNode window = settings.path("maintenanceWindow");
    if (!window.isMissingNode()) {
      require(between(window.path("day").asInt(), 1, 7), "maintenance window day");
      require(between(window.path("hour").asInt(-1), 0, 23), "maintenance window hour");
    }
  }

  /**
   * The engine's major version.
   *
   * @param instance the instance
   * @return for example 16
   */
  static int version(ObjectNode instance) {
    String text = instance.path("databaseVersion").asText();
    Matcher matcher = VERSION.matcher(text);
    require(!text.isEmpty(), "missing database version");
    if (!matcher.matches()) {
      throw new NotSimulatedException("the database version " + text);
    }
    String major = matcher.group(1);
    require(major.matches("9_6|1[0-8]"), "database version " + text);
    int number = major.equals("9_6") ? 0 : Integer.parseInt(major);
    if (!between(number, LEAST_VERSION, MOST_VERSION)) {
      throw new NotSimulatedException("the database version " + text);
    }
    return number;
  }

  private static void checkBackups(JsonNode settings, boolean replica) {
    JsonNode backups = settings.path("backupConfiguration");
    boolean enabled = backups.path("enabled").asBoolean();
    boolean pointInTime = backups.path("pointInTimeRecoveryEnabled").asBoolean();
    require(!pointInTime || enabled, "point-in-time recovery needs backups");
    String availability = settings.path("availabilityType").asText();
    require(
        availability.equals("ZONAL") || availability.equals("REGIONAL"),
        "availability type " + availability);
    require(
        availability.equals("ZONAL") || pointInTime || replica,
        "a regional instance needs backups and point-in-time recovery");
    require(TIME.matcher(backups.path("startTime").asText()).matches(), "backup start time");
    JsonNode retention = backups.path("backupRetentionSettings");
    int retained = retention.path("retainedBackups").asInt();
    require(between(retained, 1, MOST_BACKUPS), "retained backups " + retained);
    require(retention.path("retentionUnit").asText().equals("COUNT"), "retention unit");
    int logDays = backups.path("transactionLogRetentionDays").asInt();
    int most = settings.path("edition").asText().equals(PLUS_EDITION) ? 35 : 7;
    require(between(logDays, 1, most), "transaction log retention days " + logDays);
    require(
        !pointInTime || logDays <= retained,
        "transaction logs cannot be retained longer than backups");
  }

  private static void checkAddresses(JsonNode addresses) {
    String network = addresses.path("privateNetwork").asText();
    require(
        addresses.path("ipv4Enabled").asBoolean() || !network.isEmpty(),
        "at least one of public and private connectivity has to be enabled");
    require(
        network.isEmpty() || network.matches("projects/[^/]+/global/networks/[^/]+"),
        "private network " + network);
    String mode = addresses.path("sslMode").asText();
    if (mode.equals("TRUSTED_CLIENT_CERTIFICATE_REQUIRED")) {
      throw new NotSimulatedException("the check of client certificates, sslMode " + mode);
    }
    require(TLS_MODES.contains(mode), "ssl mode " + mode);
    addresses
        .path("authorizedNetworks")
        .forEach(
            entry -> {
              String value = entry.path("value").asText();
              require(IPV4.matcher(value).matches(), "authorized network " + value);
            });
  }

  private static void checkLabels(JsonNode labels) {
    require(labels.size() <= MOST_LABELS, "more than 64 labels");
    for (Map.Entry<String, JsonNode> label : labels.properties()) {
      require(
          LABEL_KEY.matcher(label.getKey()).matches()
              && LABEL_VALUE.matcher(label.getValue().asText()).matches(),
          "label " + label.getKey());
    }
  }

  /**
   * The flags.
   *
   * @param instance the instance
   * @return name to value
   */
  static Map<String, String> flags(JsonNode instance) {
    Map<String, String> flags = new LinkedHashMap<>();
    Set<String> twice = new HashSet<>();
    instance
        .path("settings")
        .path("databaseFlags")
        .forEach(
            flag -> {
              if (flags.put(flag.path("name").asText(), flag.path("value").asText()) != null) {
                twice.add(flag.path("name").asText());
              }
            });
    require(twice.isEmpty(), "flags are given twice: " + twice);
    return flags;
  }

  /** Whether connections without TLS are refused. */
  static boolean tlsOnly(JsonNode instance) {
    return !instance
        .path("settings")
        .path("ipConfiguration")
        .path("sslMode")
        .asText()
        .equals("ALLOW_UNENCRYPTED_AND_ENCRYPTED");
  }

  /** Counts a change of the settings. */
  static void countChange(ObjectNode instance) {
    ObjectNode settings = (ObjectNode) instance.get("settings");
    long version = settings.path("settingsVersion").asLong();
    settings.put("settingsVersion", String.valueOf(version + 1));
  }

  static boolean between(int value, int least, int most) {
    return value >= least && value <= most;
  }

  static void require(boolean holds, String what) {
    if (!holds) {
      throw GoogleRefusal.invalid(what);
    }
  }
}
