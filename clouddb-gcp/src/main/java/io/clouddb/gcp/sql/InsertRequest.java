/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.spi.workflow.StepContext;
import java.util.Map;
import java.util.TreeMap;

/** The body of {@code instances.insert}: what the spec asks for, as the caller has changed it. */
final class InsertRequest {
  private InsertRequest() {}

  /** The body, without the password. */
  static DatabaseInstance of(StepContext context, String region) {
    InstanceSpec spec = context.specification(InstanceSpec.class);
    DatabaseInstance body = InsertBody.of(spec, Place.of(context.resource()), context.state().id());
    context.customizations().apply(DatabaseInstance.class, body);
    requireIdentity(body, context, region);
    return body;
  }

  /** A customization may change anything but what the instance is found by. */
  private static void requireIdentity(DatabaseInstance body, StepContext context, String region) {
    InstanceSpec spec = context.specification(InstanceSpec.class);
    Settings settings = body.getSettings();
    boolean same =
        settings != null && spec.name().equals(body.getName()) && region.equals(body.getRegion());
    if (!same) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              "Native.customize must leave name, region and settings of the DatabaseInstance")
          .toException();
    }
    Map<String, String> labels = new TreeMap<>(InstanceReader.labels(settings));
    labels.put(Labels.ATTEMPT, context.state().id());
    labels.put(Labels.ADMIN, spec.admin().user());
    settings.setUserLabels(labels);
  }
}
