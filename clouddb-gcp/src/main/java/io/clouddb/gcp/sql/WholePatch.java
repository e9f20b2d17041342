/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.BackupConfiguration;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.InsightsConfig;
import com.google.api.services.sqladmin.model.IpConfiguration;
import com.google.api.services.sqladmin.model.Settings;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is sent of a change, with what stays beside it. */
final class WholePatch {
  private WholePatch() {}

  /**
   * Completes a patch by what stays of the current settings where the service would replace it
   * whole, and by the version that it builds on, so that a change in between is noticed.
   *
   * @param patch what is to change
   * @param current the instance as it is
   * @return a new body
   */
  static DatabaseInstance of(DatabaseInstance patch, DatabaseInstance current) {
    DatabaseInstance body = patch.clone();
    Settings settings = body.getSettings();
    Settings now = current.getSettings();
    if (settings == null || now == null) {
      return body;
    }
    if (settings.getDatabaseFlags() != null) {
      settings.setDatabaseFlags(Flags.merge(now.getDatabaseFlags(), settings.getDatabaseFlags()));
    }
    if (settings.getUserLabels() != null) {
      Map<String, String> labels = new TreeMap<>();
      if (now.getUserLabels() != null) {
        labels.putAll(now.getUserLabels());
      }
      labels.putAll(settings.getUserLabels());
      settings.setUserLabels(labels);
    }
    IpConfiguration addresses = settings.getIpConfiguration();
    if (addresses != null && now.getIpConfiguration() != null) {
      IpConfiguration all = now.getIpConfiguration().clone();
      all.putAll(addresses);
      // The older field contradicts sslMode as soon as that one changes.
      settings.setIpConfiguration(all.setRequireSsl(null));
    }
    var window = settings.getMaintenanceWindow();
    if (window != null) {
      var all = now.getMaintenanceWindow();
      all =
          all == null
              ? window.clone().setUpdateTrack(SettingFields.USUAL_UPDATE_TRACK)
              : all.clone();
      all.putAll(window);
      settings.setMaintenanceWindow(all);
    }
    if (settings.getInsightsConfig() != null && now.getInsightsConfig() != null) {
      InsightsConfig all = now.getInsightsConfig().clone();
      if (Tier.ENTERPRISE.equals(settings.getEdition())) {
        SettingsOfSize.limit(all);
      }
      all.putAll(settings.getInsightsConfig());
      settings.setInsightsConfig(all);
    }
    BackupConfiguration backups = KeptLogs.merge(settings, now);
    settings.setBackupConfiguration(backups);
    String availability =
        settings.getAvailabilityType() == null
            ? now.getAvailabilityType()
            : settings.getAvailabilityType();
    if (backups != null && BackupFields.isRegional(availability) && !isOff(backups.getEnabled())) {
      BackupFields.withStandby(backups);
    }
    return body.setSettings(settings.setSettingsVersion(now.getSettingsVersion()));
  }

  private static boolean isOff(@Nullable Boolean value) {
    return Boolean.FALSE.equals(value);
  }
}
