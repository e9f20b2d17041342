/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Network;
import com.azure.resourcemanager.postgresqlflexibleserver.models.ServerPublicNetworkAccessState;
import io.clouddb.azure.internal.ArmDocuments;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    return with(request, OFF);
  }

  /** A request for one that has it, though its source has not, as Azure's own client sends it. */
  static Map<String, Object> on(Map<String, Object> request) {
    return with(request, ServerPublicNetworkAccessState.ENABLED.toString());
  }

  private static Map<String, Object> with(Map<String, Object> request, String word) {
    return ArmDocuments.with(
        request, List.of("properties", "network"), "publicNetworkAccess", word);
  }

  /**
   * What to say of a new server that has public access, and was asked for without.
   *
   * @param rules which firewall rules it has
   */
  static Optional<String> opened(boolean wasToBeOff, ServerInner made, String rules) {
    return wasToBeOff && !isOff(made.network())
        ? Optional.of(
            made.name()
                + " has public access, though it was asked for without, as its source is. It has "
                + rules
                + ": switch public access off in Azure")
        : Optional.empty();
  }
}
