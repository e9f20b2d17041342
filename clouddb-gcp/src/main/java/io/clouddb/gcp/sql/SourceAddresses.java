/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.IpConfiguration;
import com.google.api.services.sqladmin.model.PscAutoConnectionConfig;
import com.google.api.services.sqladmin.model.PscConfig;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a replica has of its source's {@code ipConfiguration}: who may connect to the one may
 * connect to the other, by public and private addresses and by Private Service Connect. The
 * server's certificate and the names in it are each instance's own, and so is the DNS name that
 * leads to whoever takes writes.
 */
final class SourceAddresses {
  private SourceAddresses() {}

  /**
   * What the source has of it. Google's VPCs are in all regions; what is of one region stays there.
   *
   * @param source the source
   * @param sameRegion whether the replica is made in its region
   * @param networkAsked whether the replica's own network is asked for: who connects to the source
   *     by Private Service Connect is then not let in to the replica
   */
  static IpConfiguration of(DatabaseInstance source, boolean sameRegion, boolean networkAsked) {
    IpConfiguration its = addresses(source);
    return new IpConfiguration()
        .setIpv4Enabled(its.getIpv4Enabled())
        .setPrivateNetwork(its.getPrivateNetwork())
        .setAllocatedIpRange(its.getAllocatedIpRange())
        .setEnablePrivatePathForGoogleCloudServices(
            its.getEnablePrivatePathForGoogleCloudServices())
        .setAuthorizedNetworks(its.getAuthorizedNetworks())
        .setPscConfig(networkAsked ? null : psc(its.getPscConfig(), sameRegion))
        .setSslMode(its.getSslMode());
  }

  private static @Nullable PscConfig psc(@Nullable PscConfig its, boolean sameRegion) {
    return its == null
        ? null
        : new PscConfig()
            .setPscEnabled(its.getPscEnabled())
            .setAllowedConsumerProjects(its.getAllowedConsumerProjects())
            .setPscAutoConnections(connections(its.getPscAutoConnections()))
            .setPscAutoDnsEnabled(its.getPscAutoDnsEnabled())
            .setNetworkAttachmentUri(sameRegion ? its.getNetworkAttachmentUri() : null);
  }

  /** What is asked of each connection; the rest is what became of it. */
  private static @Nullable List<PscAutoConnectionConfig> connections(
      @Nullable List<PscAutoConnectionConfig> its) {
    return its == null
        ? null
        : its.stream()
            .map(
                each ->
                    new PscAutoConnectionConfig()
                        .setConsumerNetwork(each.getConsumerNetwork())
                        .setConsumerProject(each.getConsumerProject()))
            .toList();
  }

  /** Refuses a replica that lacks what its source has in its own region only. */
  static void requireWhole(DatabaseInstance body, DatabaseInstance source) {
    String attachment = attachment(source);
    if (attachment.isEmpty() || !attachment(body).isEmpty()) {
      return;
    }
    throw ErrorDetails.of(
            ErrorCategory.CONDITION_FAILED,
            source.getName()
                + " has a network attachment of "
                + source.getRegion()
                + ", and its replica in "
                + body.getRegion()
                + " needs one of its own region: "
                + attachment)
        .resource(source.getName())
        .nextStep(
            "Set settings.ipConfiguration.pscConfig.networkAttachmentUri by"
                + " Native.customize(DatabaseInstance.class, ...).")
        .toException();
  }

  /** The one by which an instance itself connects to others. */
  private static String attachment(DatabaseInstance instance) {
    PscConfig psc = addresses(instance).getPscConfig();
    return psc == null || psc.getNetworkAttachmentUri() == null
        ? ""
        : psc.getNetworkAttachmentUri();
  }

  private static IpConfiguration addresses(DatabaseInstance instance) {
    return instance.getSettings() == null || instance.getSettings().getIpConfiguration() == null
        ? new IpConfiguration()
        : instance.getSettings().getIpConfiguration();
  }
}
