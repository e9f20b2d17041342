/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.spi.workflow.StepContext;
import java.util.Map;
import java.util.TreeMap;

/**
 * The body of an {@code instances.insert} that makes a replica: what its source has, and over it
 * what the spec asks for, as the caller has changed it.
 */
final class ReplicaRequest {
  private ReplicaRequest() {}

  static DatabaseInstance of(StepContext context, Place place, DatabaseInstance source) {
    ReplicaSpec spec = context.specification(ReplicaSpec.class);
    Settings its = source.getSettings() == null ? new Settings() : source.getSettings();
    Settings settings =
        new Settings()
            .setTier(its.getTier())
            .setEdition(its.getEdition())
            .setDataDiskType(its.getDataDiskType())
            .setPricingPlan("PER_USE")
            .setActivationPolicy(InstanceReader.ALWAYS)
            .setIpConfiguration(
                SourceAddresses.of(
                    source, place.region().equals(source.getRegion()), spec.network().isPresent()))
            // PostgreSQL starts no replica whose settings are smaller than its source's, and Cloud
            // SQL lets none be without logical decoding where its source has it:
            // https://github.com/terraform-google-modules/terraform-google-sql-db/issues/462
            .setDatabaseFlags(its.getDatabaseFlags())
            .setUserLabels(new TreeMap<>());
    DatabaseInstance body =
        new DatabaseInstance()
            .setRegion(place.region())
            .setInstanceType(Replication.REPLICA)
            .setDatabaseVersion(source.getDatabaseVersion())
            .setSettings(settings);
    ReplicaTables.write(body, spec, place);
    context.customizations().apply(DatabaseInstance.class, body);
    requireIdentity(body, spec, place);
    if (spec.network().isEmpty()) {
      SourceAddresses.requireWhole(body, source);
    }
    Map<String, String> labels = new TreeMap<>(InstanceReader.labels(body.getSettings()));
    Labels.ofReplica(labels, context.state().id(), source);
    body.getSettings().setUserLabels(labels);
    return body;
  }

  private static void requireIdentity(DatabaseInstance body, ReplicaSpec spec, Place place) {
    boolean same =
        body.getSettings() != null
            && spec.name().equals(body.getName())
            && place.region().equals(body.getRegion())
            && spec.source().orElseThrow().name().equals(body.getMasterInstanceName());
    if (!same) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              "Native.customize must leave name, region, masterInstanceName and settings of the"
                  + " DatabaseInstance")
          .toException();
    }
  }
}
