/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.models.HighAvailability;
import com.azure.resourcemanager.postgresqlflexibleserver.models.HighAvailabilityMode;
import com.azure.resourcemanager.postgresqlflexibleserver.models.ServerForUpdate;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Sku;
import com.azure.resourcemanager.postgresqlflexibleserver.models.SkuTier;
import io.clouddb.spi.PolledState;

/**
 * What of a change goes into a PATCH of its own, after the first one. Azure drops the retention of
 * a PATCH that changes the disk, too, and ends it as succeeded. It refuses one that changes between
 * a burstable size, which has no standby, and another with one: the standby goes first, or comes
 * last.
 *
 * @see <a href="https://github.com/Azure/azure-rest-api-specs/issues/22867">Retention and disk</a>
 * @see <a href="https://github.com/hashicorp/terraform-provider-azurerm/issues/27612">Size and
 *     standby</a>
 */
final class LaterPatches {
  private static final String AVAILABILITY = StepOrder.PATCH + "availability";
  private static final String SIZE = StepOrder.PATCH + "size";
  private static final String STORAGE = StepOrder.PATCH + "storage";

  private LaterPatches() {}

  /** Takes out of a change what is for later, and notes it in the state. */
  static PolledState split(
      PolledState state, ServerForUpdate body, ServerView.Facts current) {
    PolledState result = state;
    Sku sku = body.sku();
    HighAvailability ha = body.highAvailability();
    if (sku != null && ha != null && areApart(sku, ha, current)) {
      if (isOff(ha)) {
        body.withSku(null);
        result = result.with(SIZE, KeptRequest.write(new ServerForUpdate().withSku(sku)));
      } else {
        body.withHighAvailability(null);
        result =
            result.with(
                AVAILABILITY, KeptRequest.write(new ServerForUpdate().withHighAvailability(ha)));
      }
    }
    if (body.storage() != null) {
      ServerForUpdate disk = new ServerForUpdate().withStorage(body.storage());
      String later = KeptRequest.write(disk);
      if (!later.equals(KeptRequest.write(body))) {
        // Last, since it cannot be taken back.
        body.withStorage(null);
        result = result.with(STORAGE, later);
      }
    }
    return result;
  }

  private static boolean areApart(Sku sku, HighAvailability ha, ServerView.Facts current) {
    boolean burstable =
        SkuTier.BURSTABLE.equals(sku.tier()) || !Boolean.FALSE.equals(current.burstable());
    boolean changes = current.standby() == null || current.standby() == isOff(ha);
    return burstable && changes;
  }

  private static boolean isOff(HighAvailability ha) {
    return HighAvailabilityMode.DISABLED.equals(ha.mode());
  }

  /** The request of a step. */
  static ServerForUpdate of(PolledState state, String step) {
    return KeptRequest.read(state.value(step).orElseThrow(), ServerForUpdate.class);
  }
}
