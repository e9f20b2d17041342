/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseFlags;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.IpConfiguration;
import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.spi.workflow.StepContext;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The body of an {@code instances.insert} that makes a replica: what its source has, and over it
 * what the spec asks for, as the caller has changed it.
 */
final class ReplicaRequest {
  private ReplicaRequest() {}

  static DatabaseInstance of(
      StepContext context, ReplicaTables.Place place, DatabaseInstance source) {
    ReplicaSpec spec = context.specification(ReplicaSpec.class);
    Settings its = source.getSettings() == null ? new Settings() : source.getSettings();
    Settings settings =
        new Settings()
            .setTier(its.getTier())
            .setEdition(its.getEdition())
            .setDataDiskType(its.getDataDiskType())
            .setPricingPlan("PER_USE")
            .setActivationPolicy(InstanceReader.ALWAYS)
            .setIpConfiguration(addresses(its.getIpConfiguration()))
            .setDatabaseFlags(flags(its.getDatabaseFlags()))
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
    Map<String, String> labels = new TreeMap<>(InstanceReader.labels(body.getSettings()));
    Labels.ofReplica(labels, context.state().id(), source);
    body.getSettings().setUserLabels(labels);
    return body;
  }

  /** Who may connect to its source may connect to it: Google's VPCs are in all regions. */
  private static IpConfiguration addresses(@Nullable IpConfiguration source) {
    return source == null
        ? new IpConfiguration()
        : new IpConfiguration()
            .setIpv4Enabled(source.getIpv4Enabled())
            .setPrivateNetwork(source.getPrivateNetwork())
            .setAuthorizedNetworks(source.getAuthorizedNetworks())
            .setSslMode(source.getSslMode());
  }

  /**
   * PostgreSQL starts no replica whose settings are smaller than its source's. Logical decoding is
   * left out: a disaster recovery replica must not have it.
   */
  private static @Nullable List<DatabaseFlags> flags(@Nullable List<DatabaseFlags> source) {
    return source == null
        ? null
        : source.stream().filter(flag -> !Flags.LOGICAL_DECODING.equals(flag.getName())).toList();
  }

  private static void requireIdentity(
      DatabaseInstance body, ReplicaSpec spec, ReplicaTables.Place place) {
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
