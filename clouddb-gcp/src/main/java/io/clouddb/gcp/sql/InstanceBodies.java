/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.BackupConfiguration;
import com.google.api.services.sqladmin.model.DatabaseFlags;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.DiskEncryptionConfiguration;
import com.google.api.services.sqladmin.model.InsightsConfig;
import com.google.api.services.sqladmin.model.IpConfiguration;
import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.instance.Availability;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.MaintenanceWindow;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes specs and changes as the bodies of {@code instances.insert} and {@code .patch}. */
final class InstanceBodies {
  private static final String REGIONAL = "REGIONAL";
  private static final String USUAL_UPDATE_TRACK = "stable";

  private InstanceBodies() {}

  /**
   * The body of {@code instances.insert}, without the password.
   *
   * @param spec a spec whose plan refuses nothing
   * @param region the region
   * @param attempt what names the request
   * @return the body
   */
  static DatabaseInstance insert(InstanceSpec spec, String region, String attempt) {
    Tier tier = Tier.of(spec.size()).orElseThrow();
    boolean regional = spec.availability() == Availability.REGIONAL;
    Settings settings =
        new Settings()
            .setTier(tier.name())
            .setEdition(tier.edition())
            .setPricingPlan("PER_USE")
            .setActivationPolicy("ALWAYS")
            .setAvailabilityType(regional ? REGIONAL : "ZONAL")
            .setIpConfiguration(NetworkSettings.of(spec.network().orElseThrow(), spec.tls()))
            .setUserLabels(
                Labels.of(spec.tags(), attempt, spec.admin().user(), spec.database().orElse(null)));
    spec.deletionProtection().ifPresent(settings::setDeletionProtectionEnabled);
    StorageSettings.write(settings, spec.storage(), tier);
    BackupConfiguration backups =
        BackupSettings.of(spec.backups().orElse(null), regional, tier.mostLogDays());
    if (backups != null) {
      settings.setBackupConfiguration(backups);
    }
    spec.maintenance()
        .ifPresent(
            window ->
                settings.setMaintenanceWindow(window(window).setUpdateTrack(USUAL_UPDATE_TRACK)));
    List<DatabaseFlags> flags = Flags.of(spec.parameters(), spec.logicalReplication().orElse(null));
    if (flags != null) {
      settings.setDatabaseFlags(flags);
    }
    spec.insights()
        .ifPresent(
            insights ->
                settings.setInsightsConfig(
                    new InsightsConfig().setQueryInsightsEnabled(insights.collected())));
    DatabaseInstance body =
        new DatabaseInstance()
            .setName(spec.name())
            .setRegion(region)
            .setInstanceType("CLOUD_SQL_INSTANCE")
            .setDatabaseVersion(
                EngineVersion.databaseVersion(EngineVersion.major(spec.engineVersion()))
                    .orElseThrow())
            .setSettings(settings);
    spec.storage()
        .encryptionKey()
        .ifPresent(
            key ->
                body.setDiskEncryptionConfiguration(
                    new DiskEncryptionConfiguration().setKmsKeyName(key)));
    return body;
  }

  private static com.google.api.services.sqladmin.model.MaintenanceWindow window(
      MaintenanceWindow window) {
    return new com.google.api.services.sqladmin.model.MaintenanceWindow()
        .setDay(window.day().getValue())
        .setHour(window.start().getHour());
  }

  /**
   * What a change patches. Flags and labels are those to set; {@link #merge} adds those that stay.
   *
   * @param change a change whose plan refuses nothing
   * @return the body, empty when nothing is to be patched
   */
  static DatabaseInstance patch(InstanceChange change) {
    Settings settings = new Settings();
    change
        .size()
        .flatMap(Tier::of)
        .ifPresent(tier -> settings.setTier(tier.name()).setEdition(tier.edition()));
    change
        .storageSize()
        .ifPresent(size -> settings.setDataDiskSizeGb(StorageSettings.sizeGb(size)));
    boolean regional = change.availability().filter(Availability.REGIONAL::equals).isPresent();
    change.availability().ifPresent(to -> settings.setAvailabilityType(to.name()));
    BackupPolicy policy = change.backups().orElse(null);
    Tier tier = change.size().map(CloudSqlPlans::edition).orElse(null);
    BackupConfiguration backups =
        BackupSettings.ofChange(policy, regional, BackupSettings.mostLogDays(tier));
    if (backups != null) {
      settings.setBackupConfiguration(backups);
    }
    change.maintenance().ifPresent(window -> settings.setMaintenanceWindow(window(window)));
    change
        .tls()
        .ifPresent(
            tls ->
                settings.setIpConfiguration(
                    new IpConfiguration().setSslMode(NetworkSettings.sslMode(tls))));
    change.deletionProtection().ifPresent(settings::setDeletionProtectionEnabled);
    List<DatabaseFlags> flags =
        Flags.of(change.parameters(), change.logicalReplication().orElse(null));
    if (flags != null) {
      settings.setDatabaseFlags(flags);
    }
    change
        .insights()
        .ifPresent(
            insights ->
                settings.setInsightsConfig(
                    new InsightsConfig().setQueryInsightsEnabled(insights.collected())));
    if (!change.tags().isEmpty()) {
      settings.setUserLabels(change.tags());
    }
    DatabaseInstance body = new DatabaseInstance();
    return settings.isEmpty() ? body : body.setSettings(settings);
  }

  /**
   * Completes a patch by what stays of the current settings where the service would replace it
   * whole, and by the version that it builds on, so that a change in between is noticed.
   *
   * @param patch what is to change
   * @param current the instance as it is
   * @return a new body
   */
  static DatabaseInstance merge(DatabaseInstance patch, DatabaseInstance current) {
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
      all = all == null ? window.clone().setUpdateTrack(USUAL_UPDATE_TRACK) : all.clone();
      all.putAll(window);
      settings.setMaintenanceWindow(all);
    }
    if (settings.getInsightsConfig() != null && now.getInsightsConfig() != null) {
      InsightsConfig all = now.getInsightsConfig().clone();
      all.putAll(settings.getInsightsConfig());
      settings.setInsightsConfig(all);
    }
    BackupConfiguration backups = BackupSettings.merge(settings, now);
    settings.setBackupConfiguration(backups);
    String availability =
        settings.getAvailabilityType() == null
            ? now.getAvailabilityType()
            : settings.getAvailabilityType();
    if (backups != null && REGIONAL.equals(availability) && !isOff(backups.getEnabled())) {
      BackupSettings.withStandby(backups);
    }
    return body.setSettings(settings.setSettingsVersion(now.getSettingsVersion()));
  }

  private static boolean isOff(@Nullable Boolean value) {
    return Boolean.FALSE.equals(value);
  }
}
