/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.google.sql;

import static io.clouddb.testkit.simulator.google.sql.InstanceRules.require;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import io.clouddb.testkit.simulator.google.GoogleRefusal;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import java.util.List;
import java.util.Set;

/**
 * What Cloud SQL makes of a request for a replica, beside the instance that it follows, and what it
 * refuses of it. Where no definition says it, it is by "About replication in Cloud SQL" and "Create
 * read replicas" of https://cloud.google.com/sql/docs/postgres/replication.
 */
final class ReplicaRules {
  static final String REPLICA = "READ_REPLICA_INSTANCE";
  static final String STANDALONE = "CLOUD_SQL_INSTANCE";
  static final String MASTER = "masterInstanceName";
  static final String DECODING = "cloudsql.logical_decoding";
  private static final String CONFIGURATION = "replicaConfiguration";
  private static final String REPLICATING = "databaseReplicationEnabled";
  private static final String BACKUPS = "backupConfiguration";
  private static final String POINT_IN_TIME = "pointInTimeRecoveryEnabled";
  private static final String ENCRYPTION = "diskEncryptionConfiguration";
  private static final String KEY = "kmsKeyName";
  private static final String GROWING = "storageAutoResize";
  private static final int PLUS_BY_DEFAULT = 16;

  private ReplicaRules() {}

  static boolean isReplica(JsonNode instance) {
    return instance.path("instanceType").asText().equals(REPLICA);
  }

  /**
   * The replica that an insert makes: what is asked for, what it has of its source, and the
   * service's defaults.
   *
   * @param body the request's body
   * @param source what it follows, as stored
   * @return as it is stored: whom it follows is not in it
   */
  static ObjectNode complete(ObjectNode body, ObjectNode source) {
    if (body.has("rootPassword")) {
      throw new NotSimulatedException("the field rootPassword of a replica");
    }
    String type = body.path("instanceType").asText(REPLICA);
    require(type.equals(REPLICA), "instance type " + type + " of an instance with a primary");
    requireNoFailoverTarget(body);
    requireNoBackups(body.path("settings"));
    requireReplicating(body.path("settings").path(REPLICATING).asBoolean(true));
    ObjectNode asked = body.deepCopy();
    asked.remove(Set.of(MASTER, CONFIGURATION));
    asked.put("instanceType", REPLICA);
    ObjectNode settings = asked.withObject("settings");
    putIfAbsent(settings, "edition", usualEdition(body));
    putIfAbsent(asked, "databaseVersion", source.path("databaseVersion"));
    JsonNode sourceSettings = source.path("settings");
    for (String field : List.of("dataDiskSizeGb", GROWING, "storageAutoResizeLimit")) {
      putIfAbsent(settings, field, sourceSettings.path(field));
    }
    putIfAbsent(
        settings.withObject("ipConfiguration"),
        "privateNetwork",
        sourceSettings.path("ipConfiguration").path("privateNetwork"));
    if (decodes(source) && !InstanceRules.flags(asked).containsKey(DECODING)) {
      settings.withArray("databaseFlags").addObject().put("name", DECODING).put("value", "on");
    }
    requireDecoding(asked, source);
    if (sameRegion(asked, source)) {
      putIfAbsent(asked, ENCRYPTION, source.path(ENCRYPTION));
    }
    ObjectNode replica = InstanceRules.complete(asked);
    becomeReplica(replica);
    return replica;
  }

  /** Whether logical decoding is switched on. */
  static boolean decodes(JsonNode instance) {
    return "on".equals(InstanceRules.flags(instance).get(DECODING));
  }

  /**
   * Refuses a replica that does not decode where its primary does. A replica that is made without
   * the flag has it, and one loses it as callers have met it: terraform-google-modules/
   * terraform-google-sql-db, issue 462.
   */
  static void requireDecoding(JsonNode replica, JsonNode source) {
    if (decodes(source) && !decodes(replica)) {
      throw new GoogleRefusal(
          400,
          "invalidFlagValue",
          String.format(
              "Value requested is not valid. Cannot change flag %s to value [%s] on replica (%s)"
                  + " when value is on on primary (%s).",
              DECODING,
              InstanceRules.flags(replica).getOrDefault(DECODING, "default"),
              replica.path("name").asText(),
              source.path("name").asText()));
    }
  }

  static void requireNoFailoverTarget(JsonNode body) {
    if (body.path(CONFIGURATION).path("failoverTarget").asBoolean()) {
      // It is of MySQL's legacy high availability.
      throw SqlRefusals.invalidRequest();
    }
  }

  private static void requireNoBackups(JsonNode settings) {
    JsonNode backups = settings.path(BACKUPS);
    require(
        !backups.path("enabled").asBoolean() && !backups.path(POINT_IN_TIME).asBoolean(),
        // As Google's provider for Terraform expects it in its tests.
        "Invalid flag for instance role: Backups cannot be enabled for read replica instance.");
  }

  /** By the note on editions of the page "Create read replicas". */
  private static JsonNode usualEdition(ObjectNode body) {
    boolean plus = body.has("databaseVersion") && InstanceRules.version(body) >= PLUS_BY_DEFAULT;
    return body.textNode(plus ? InstanceRules.PLUS_EDITION : "ENTERPRISE");
  }

  private static void putIfAbsent(ObjectNode node, String field, JsonNode value) {
    if (!node.has(field) && !value.isMissingNode()) {
      node.set(field, value.deepCopy());
    }
  }

  private static boolean sameRegion(JsonNode one, JsonNode other) {
    return one.path("region").equals(other.path("region"));
  }

  /** Writes what only a replica has. */
  static void becomeReplica(ObjectNode instance) {
    instance.put("instanceType", REPLICA);
    instance
        .putObject(CONFIGURATION)
        .put("kind", "sql#replicaConfiguration")
        .put("failoverTarget", false);
    ObjectNode settings = (ObjectNode) instance.get("settings");
    settings.put(REPLICATING, true);
    ObjectNode backups = (ObjectNode) settings.get(BACKUPS);
    backups.put("enabled", false);
    backups.remove(POINT_IN_TIME);
  }

  /** Takes away what only a replica has. Its backups stay off until somebody switches them on. */
  static void becomeStandalone(ObjectNode instance) {
    instance.put("instanceType", STANDALONE);
    instance.remove(CONFIGURATION);
    ((ObjectNode) instance.get("settings")).remove(REPLICATING);
  }

  /** Refuses what only replicas have of an instance that is none. */
  static void requireStandalone(ObjectNode instance) {
    require(
        instance.path("instanceType").asText().equals(STANDALONE),
        "instance type " + instance.path("instanceType").asText() + " without a primary");
    require(!instance.has(CONFIGURATION), CONFIGURATION + " of an instance without a primary");
    require(
        !instance.path("settings").has(REPLICATING),
        REPLICATING + " of an instance without a primary");
  }

  /** Refuses a source that no replica can have. */
  static void checkSource(ObjectNode source) {
    JsonNode settings = source.path("settings");
    // A replica has no backups, and may have replicas.
    require(
        isReplica(source) || settings.path(BACKUPS).path("enabled").asBoolean(),
        "the primary instance of a replica needs automated backups");
    requireAnyConnector(settings);
  }

  private static void requireAnyConnector(JsonNode settings) {
    require(
        !settings.path("connectorEnforcement").asText().equals("REQUIRED"),
        "an instance with connector enforcement has no read replicas");
  }

  /**
   * Refuses a replica that does not fit its source, when it is made and when it is changed.
   *
   * @param replica as it is to be
   * @param source what it follows
   */
  static void check(ObjectNode replica, ObjectNode source) {
    require(
        replica.path("databaseVersion").equals(source.path("databaseVersion")),
        "the database version of a replica is its primary's");
    JsonNode settings = replica.path("settings");
    JsonNode sourceSettings = source.path("settings");
    requireNoBackups(settings);
    require(
        settings.path("maintenanceWindow").isMissingNode(),
        "Invalid flag for instance role: the maintenance window of a read replica is its"
            + " primary's");
    require(
        settings.path("activationPolicy").asText().equals("ALWAYS"),
        // "Note: You cannot stop a read replica instance", of
        // https://cloud.google.com/sql/docs/postgres/start-stop-restart-instance.
        "Invalid flag for instance role: a read replica instance cannot be stopped");
    require(
        network(settings).equals(network(sourceSettings)), "a replica is in its primary's network");
    if (!settings.path(GROWING).equals(sourceSettings.path(GROWING))) {
      throw new NotSimulatedException(GROWING + " of a replica that is not its primary's");
    }
    if (MachineRules.hasHyperdisk(settings) != MachineRules.hasHyperdisk(sourceSettings)) {
      // "Machine series overview" is said to want one series for both; what is refused is not seen.
      throw new NotSimulatedException("a replica of another machine series than its primary's");
    }
    requireReplicating(settings.path(REPLICATING).asBoolean());
    SizeFlags.requireEnough(replica, source);
  }

  private static void requireReplicating(boolean enabled) {
    if (!enabled) {
      throw new NotSimulatedException("a replica whose replication is disabled");
    }
  }

  private static JsonNode network(JsonNode settings) {
    return settings.path("ipConfiguration").path("privateNetwork");
  }

  /** Refuses further what does not fit when a replica is made. */
  static void checkNew(ObjectNode replica, ObjectNode source) {
    check(replica, source);
    require(
        diskSize(replica) >= diskSize(source),
        "the disk of a replica cannot be smaller than its primary's");
    checkEncryption(replica, source);
  }

  private static long diskSize(JsonNode instance) {
    return instance.path("settings").path("dataDiskSizeGb").asLong();
  }

  /** By "Restrictions" and "Replicas" of https://cloud.google.com/sql/docs/postgres/cmek. */
  private static void checkEncryption(ObjectNode replica, ObjectNode source) {
    String own = replica.path(ENCRYPTION).path(KEY).asText();
    String sources = source.path(ENCRYPTION).path(KEY).asText();
    if (sameRegion(replica, source)) {
      require(own.equals(sources), "the encryption key of a replica is its primary's");
      return;
    }
    require(
        own.isEmpty() == sources.isEmpty(),
        sources.isEmpty()
            ? "the replica of an instance without an encryption key has none"
            : "the replica of an encrypted instance needs a key in its own region");
    String region = replica.path("region").asText();
    require(
        own.isEmpty() || own.contains("/locations/" + region + "/"),
        "the encryption key of a replica is in its own region, " + region);
  }

  /**
   * Refuses changes of an instance that its replicas do not bear.
   *
   * @param before as it is
   * @param after as it is to be
   * @param replicas those that follow it
   */
  static void checkChangeOfSource(
      ObjectNode before, ObjectNode after, List<SimulatedInstance> replicas) {
    if (replicas.isEmpty()) {
      return;
    }
    JsonNode settings = after.path("settings");
    requireAnyConnector(settings);
    if (!isReplica(after) && !settings.path(BACKUPS).path("enabled").asBoolean()) {
      throw new NotSimulatedException("a primary instance of replicas whose backups are disabled");
    }
    if (!settings.path(GROWING).equals(before.path("settings").path(GROWING))
        || !network(settings).equals(network(before.path("settings")))) {
      throw new NotSimulatedException(
          "a change of " + GROWING + " or of the network of an instance with replicas");
    }
    replicas.forEach(replica -> SizeFlags.requireEnough(InstanceDocument.stored(replica), after));
  }
}
