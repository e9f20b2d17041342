/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import io.clouddb.ResourceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a restore loses, where that is no reason not to make it: it is not lost in silence. */
final class RestoreWarnings {
  private RestoreWarnings() {}

  /**
   * What is known before the request is sent.
   *
   * @param made the new server
   * @param request what is sent
   */
  static List<String> before(ResourceId made, RestoreSource source, ServerInner request) {
    List<String> all = new ArrayList<>();
    String from = source.id().name();
    if (source.server().isEmpty()) {
      all.add(
          "Azure shows nothing of "
              + from
              + ": "
              + made.name()
              + " has Azure's defaults for parameters, maintenance window and standby, and no tags"
              + " and firewall rules but those that are asked for");
    }
    boolean had = source.server().map(RestoreRequest::isGeoRedundant).orElse(true);
    if (had && !RestoreRequest.isGeoRedundant(request)) {
      all.add(
          "The backups of "
              + made.name()
              + " stay in "
              + made.location()
              + " for good, whatever "
              + from
              + " has: geo-redundant backup is chosen when a server is made. "
              + (RestoreRequest.isEncryptedByKey(request)
                      || source.server().filter(RestoreRequest::isEncryptedByKey).isPresent()
                  ? "It would need a second key, which the vendor's own client can name"
                  : "Native.customize(ServerInner.class, ...) with withBackup asks for it, where"
                      + " Azure has it in "
                      + made.location()));
    }
    return all;
  }

  /** Of one that has public access: without a rule nobody is let in, with a later one somebody. */
  static Optional<String> after(boolean wasToBeClosed, ServerInner restored) {
    return PublicAccess.opened(wasToBeClosed, restored, "no firewall rule yet");
  }
}
