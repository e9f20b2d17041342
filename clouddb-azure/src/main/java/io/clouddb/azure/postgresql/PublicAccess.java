/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.models.Network;
import com.azure.resourcemanager.postgresqlflexibleserver.models.ServerPublicNetworkAccessState;
import io.clouddb.azure.internal.ArmDocuments;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Servers without public access: "the server cannot be accessed from the public internet, but only
 * via private endpoints". So says the definition of 2025-08-01, in which a request can ask for it;
 * the SDK's last stable release only reads it.
 */
final class PublicAccess {
  private static final String OFF = ServerPublicNetworkAccessState.DISABLED.toString();

  private PublicAccess() {}

  /** Whether private endpoints alone reach a server; one in a private network has none. */
  static boolean isOff(@Nullable Network network) {
    return network != null
        && network.publicNetworkAccess() != null
        && OFF.equalsIgnoreCase(network.publicNetworkAccess().toString())
        && !NewReplicaCheck.isPrivate(network);
  }

  /** A request for such a server: left out, anybody reaches it whom a firewall rule lets in. */
  static Map<String, Object> off(Map<String, Object> request) {
    return ArmDocuments.with(request, List.of("properties", "network"), "publicNetworkAccess", OFF);
  }
}
