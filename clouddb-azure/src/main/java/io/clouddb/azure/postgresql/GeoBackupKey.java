/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import io.clouddb.azure.internal.ArmDocuments;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The second key of a server with geo-redundant backup that a customer's key encrypts: its backups
 * in the paired region are encrypted by one of that region. The SDK's last stable release has no
 * members for it.
 *
 * @param uri the key's identifier
 * @param identity the user assigned identity that may use it
 * @see <a
 *     href="https://learn.microsoft.com/azure/postgresql/security/security-data-encryption">Data
 *     encryption</a>
 */
record GeoBackupKey(String uri, String identity) {
  private static final String URI = "geoBackupKeyURI";
  private static final String IDENTITY = "geoBackupUserAssignedIdentityId";

  /** Reads it; empty where Azure does not tell both. */
  static Optional<GeoBackupKey> of(Map<?, ?> dataEncryption) {
    return dataEncryption.get(URI) instanceof String uri
            && dataEncryption.get(IDENTITY) instanceof String identity
            && !uri.isEmpty()
            && !identity.isEmpty()
        ? Optional.of(new GeoBackupKey(uri, identity))
        : Optional.empty();
  }

  /** Whether Azure would refuse a request for ever, which has one key and needs two. */
  static boolean isMissing(ServerInner request, Optional<GeoBackupKey> second) {
    return RestoreRequest.isEncryptedByKey(request)
        && RestoreRequest.isGeoRedundant(request)
        && second.isEmpty();
  }

  /** A request for a server that has it. */
  Map<String, Object> in(Map<String, Object> request) {
    List<String> path = List.of("properties", "dataEncryption");
    return ArmDocuments.with(ArmDocuments.with(request, path, URI, uri), path, IDENTITY, identity);
  }
}
