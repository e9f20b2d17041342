/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.instance;

import io.clouddb.backup.BackupPolicy;
import io.clouddb.plan.Field;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects what is asked for, field by field, in the order of the fields. */
final class FieldValues {
  private final Map<InstanceField, Object> values = new EnumMap<>(InstanceField.class);

  /** What is unset is not asked for, nor is a map without entries. */
  void put(InstanceField field, @Nullable Object value) {
    if (value != null && !(value instanceof Map<?, ?> map && map.isEmpty())) {
      values.put(field, value);
    }
  }

  void backups(@Nullable BackupPolicy policy) {
    if (policy == null) {
      return;
    }
    put(InstanceField.BACKUPS, policy.enabled());
    put(InstanceField.BACKUP_WINDOW, policy.start().orElse(null));
    put(InstanceField.BACKUP_WINDOW_LENGTH, policy.length().orElse(null));
    put(InstanceField.BACKUP_RETENTION, policy.retentionDays().orElse(null));
    put(InstanceField.POINT_IN_TIME, policy.pointInTime() ? true : null);
    put(InstanceField.BACKUP_LOCATION, policy.location().orElse(null));
    put(InstanceField.LOG_RETENTION, policy.logRetentionDays().orElse(null));
    put(InstanceField.GEO_REDUNDANT_BACKUP, policy.geoRedundant().orElse(null));
  }

  void maintenance(@Nullable MaintenanceWindow window) {
    if (window == null) {
      return;
    }
    put(InstanceField.MAINTENANCE_WINDOW, window);
    put(InstanceField.MAINTENANCE_WINDOW_LENGTH, window.length().orElse(null));
  }

  void insights(@Nullable Insights insights) {
    if (insights == null) {
      return;
    }
    put(InstanceField.INSIGHTS, insights.collected());
    put(InstanceField.INSIGHTS_RETENTION, insights.retentionDays().orElse(null));
  }

  Map<Field, Object> all() {
    return Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }
}
