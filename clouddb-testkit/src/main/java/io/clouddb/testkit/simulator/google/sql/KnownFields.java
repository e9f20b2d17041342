/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.google.sql;

import com.fasterxml.jackson.databind.JsonNode;
import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import io.clouddb.testkit.simulator.google.GoogleRefusal;
import java.util.Map;
import java.util.Set;

/** The fields of requests that are simulated: kept, checked and given back. */
final class KnownFields {
  private static final Set<String> INSTANCE =
      Set.of(
          "name",
          "region",
          "project",
          "kind",
          "databaseVersion",
          "instanceType",
          "rootPassword",
          "masterInstanceName",
          "replicaConfiguration",
          "replicaConfiguration.kind",
          "replicaConfiguration.failoverTarget",
          "replicationCluster",
          "replicationCluster.failoverDrReplicaName",
          "diskEncryptionConfiguration",
          "diskEncryptionConfiguration.kind",
          "diskEncryptionConfiguration.kmsKeyName",
          "settings",
          "settings.kind",
          "settings.tier",
          "settings.edition",
          "settings.pricingPlan",
          "settings.activationPolicy",
          "settings.availabilityType",
          "settings.deletionProtectionEnabled",
          "settings.retainBackupsOnDelete",
          "settings.finalBackupConfig",
          "settings.finalBackupConfig.enabled",
          "settings.finalBackupConfig.retentionDays",
          "settings.connectorEnforcement",
          "settings.replicationType",
          "settings.settingsVersion",
          "settings.databaseReplicationEnabled",
          "settings.dataDiskType",
          "settings.dataDiskSizeGb",
          "settings.storageAutoResize",
          "settings.storageAutoResizeLimit",
          "settings.locationPreference",
          "settings.locationPreference.kind",
          "settings.locationPreference.zone",
          "settings.locationPreference.secondaryZone",
          "settings.backupConfiguration",
          "settings.backupConfiguration.kind",
          "settings.backupConfiguration.enabled",
          "settings.backupConfiguration.startTime",
          "settings.backupConfiguration.location",
          "settings.backupConfiguration.binaryLogEnabled",
          "settings.backupConfiguration.pointInTimeRecoveryEnabled",
          "settings.backupConfiguration.transactionLogRetentionDays",
          "settings.backupConfiguration.backupRetentionSettings",
          "settings.backupConfiguration.backupRetentionSettings.retainedBackups",
          "settings.backupConfiguration.backupRetentionSettings.retentionUnit",
          // Answered by the service, and sent back by who changes what it answered.
          "settings.backupConfiguration.replicationLogArchivingEnabled",
          "settings.backupConfiguration.transactionalLogStorageState",
          "settings.maintenanceWindow",
          "settings.maintenanceWindow.kind",
          "settings.maintenanceWindow.day",
          "settings.maintenanceWindow.hour",
          "settings.maintenanceWindow.updateTrack",
          "settings.ipConfiguration",
          "settings.ipConfiguration.ipv4Enabled",
          "settings.ipConfiguration.privateNetwork",
          "settings.ipConfiguration.requireSsl",
          "settings.ipConfiguration.sslMode",
          "settings.ipConfiguration.enablePrivatePathForGoogleCloudServices",
          "settings.ipConfiguration.authorizedNetworks",
          "settings.ipConfiguration.authorizedNetworks.kind",
          "settings.ipConfiguration.authorizedNetworks.name",
          "settings.ipConfiguration.authorizedNetworks.value",
          "settings.databaseFlags",
          "settings.databaseFlags.name",
          "settings.databaseFlags.value",
          "settings.insightsConfig",
          "settings.insightsConfig.queryInsightsEnabled",
          "settings.insightsConfig.queryPlansPerMinute",
          "settings.insightsConfig.queryStringLength",
          "settings.insightsConfig.recordApplicationTags",
          "settings.insightsConfig.recordClientAddress",
          "settings.userLabels");

  private static final Set<String> LISTS =
      Set.of("settings.ipConfiguration.authorizedNetworks", "settings.databaseFlags");

  private KnownFields() {}

  /**
   * Refuses an instance with a field that is not simulated.
   *
   * @param body the request's body
   */
  static void requireInstance(JsonNode body) {
    require("", body);
  }

  private static void require(String path, JsonNode node) {
    if (path.equals("settings.userLabels")) {
      return;
    }
    if (node.isArray()) {
      node.forEach(item -> require(path, item));
      return;
    }
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      String name = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
      if (!INSTANCE.contains(name)) {
        throw new NotSimulatedException("the field " + name + " of an instance");
      }
      requireKind(name, field.getValue());
      require(name, field.getValue());
    }
  }

  /** An object where fields are in it, objects in a list, and neither for any other. */
  private static void requireKind(String name, JsonNode value) {
    if (value.isNull() && !name.equals("settings")) {
      return;
    }
    boolean parent =
        name.equals("settings.userLabels")
            || INSTANCE.stream().anyMatch(other -> other.startsWith(name + "."));
    boolean right;
    if (LISTS.contains(name)) {
      right = value.isArray();
      for (JsonNode item : value) {
        right &= item.isObject();
      }
    } else {
      right = parent ? value.isObject() : !value.isObject();
    }
    if (!right) {
      throw GoogleRefusal.invalid("the value of " + name + " is of another kind");
    }
  }
}
