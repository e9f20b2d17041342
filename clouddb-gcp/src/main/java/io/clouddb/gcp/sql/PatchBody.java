/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.instance.InstanceChange;

/**
 * The body of {@code instances.patch} while the fields are written into it: what changes, to which
 * {@link WholePatch} adds what stays.
 *
 * @param settings the settings that change
 */
record PatchBody(Settings settings) {
  /**
   * Writes a change.
   *
   * @param change a change whose plan refuses nothing
   * @param place where the instance is
   * @return the body, empty when nothing is to be patched
   */
  static DatabaseInstance of(InstanceChange change, Place place) {
    Settings settings = new Settings();
    new CloudSqlFields(place).write(PatchBody.class, new PatchBody(settings), change);
    DatabaseInstance body = new DatabaseInstance();
    return settings.isEmpty() ? body : body.setSettings(settings);
  }
}
