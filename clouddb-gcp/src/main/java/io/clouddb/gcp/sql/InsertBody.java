/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.instance.InstanceSpec;

/**
 * The body of {@code instances.insert} while the fields are written into it.
 *
 * @param instance the body, without the password
 * @param settings its settings
 */
record InsertBody(DatabaseInstance instance, Settings settings) {
  /**
   * Writes a spec.
   *
   * @param spec a spec whose plan refuses nothing
   * @param place where it is made
   * @param attempt what names the request
   * @return the body
   */
  static DatabaseInstance of(InstanceSpec spec, Place place, String attempt) {
    Settings settings =
        new Settings().setPricingPlan("PER_USE").setActivationPolicy(InstanceReader.ALWAYS);
    DatabaseInstance instance =
        new DatabaseInstance()
            .setRegion(place.region())
            .setInstanceType("CLOUD_SQL_INSTANCE")
            .setSettings(settings);
    new CloudSqlFields(place).write(InsertBody.class, new InsertBody(instance, settings), spec);
    settings.setUserLabels(
        Labels.of(spec.tags(), attempt, spec.admin().user(), spec.database().orElse(null)));
    return instance;
  }
}
