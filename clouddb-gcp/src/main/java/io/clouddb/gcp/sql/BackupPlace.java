/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.BackupConfiguration;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.Settings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where backups are stored: "in the multi-region that is geographically closest to the location of
 * your Cloud SQL instance", unless somebody says another place (<a
 * href="https://cloud.google.com/sql/docs/postgres/backup-recovery/backup-options">backup
 * options</a>).
 */
final class BackupPlace {
  static final List<String> MULTI_REGIONS = List.of("asia", "eu", "us");

  private static final Pattern NAME = Pattern.compile("[a-z]+(?:-[a-z]+[0-9]+)?");

  /** By how the names of regions begin. */
  private static final Map<String, String> AROUND =
      Map.of(
          "asia", "asia",
          "australia", "asia",
          "europe", "eu",
          "northamerica", "us",
          "southamerica", "us",
          "us", "us");

  private BackupPlace() {}

  /** Why a text is no place of Google's; empty when it may be one. */
  static Optional<String> whyNot(String place) {
    boolean one = NAME.matcher(place).matches();
    return one && (place.contains("-") || isMultiRegion(place))
        ? Optional.empty()
        : Optional.of("'" + place + "' is no region and no multi-region of Google's");
  }

  static boolean isMultiRegion(String place) {
    return MULTI_REGIONS.contains(place);
  }

  /** The multi-region around a region; empty when this release does not know it. */
  static Optional<String> around(String region) {
    return Optional.ofNullable(AROUND.get(region.replaceFirst("-.*", "")));
  }

  /** Where an instance's backups are stored. */
  static String of(DatabaseInstance instance) {
    Settings settings = instance.getSettings();
    BackupConfiguration backups = settings == null ? null : settings.getBackupConfiguration();
    String place = backups == null ? null : backups.getLocation();
    return Optional.ofNullable(place)
        .filter(text -> !text.isEmpty())
        .or(() -> Optional.ofNullable(instance.getRegion()).flatMap(BackupPlace::around))
        .orElse("the multi-region around " + instance.getRegion());
  }
}
