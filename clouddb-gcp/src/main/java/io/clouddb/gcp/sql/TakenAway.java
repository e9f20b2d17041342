/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import io.clouddb.instance.Availability;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.TlsMode;
import io.clouddb.spi.workflow.StepContext;

/** Tells the changes that take something away, which a token of anybody's must not make. */
final class TakenAway {
  private TakenAway() {}

  /**
   * Whether a change takes protection from the instance: against deletion, by backups (fewer that
   * are kept are some that are deleted), by a standby, or by TLS. What is there now nobody has
   * looked at: only the strictest mode of TLS weakens none.
   */
  static boolean by(StepContext context) {
    InstanceChange change = PatchRequest.change(context);
    return change.deletionProtection().filter(on -> !on).isPresent()
        || change.backups().isPresent()
        || change.availability().filter(Availability.ZONAL::equals).isPresent()
        || change.tls().filter(tls -> tls != TlsMode.CLIENT_CERTIFICATE).isPresent()
        || change.parameters().keySet().stream().anyMatch(name -> name.startsWith("ssl_"));
  }
}
