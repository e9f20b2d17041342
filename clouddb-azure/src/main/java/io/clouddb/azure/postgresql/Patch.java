/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.core.management.serializer.SerializerFactory;
import com.azure.core.util.serializer.SerializerAdapter;
import com.azure.core.util.serializer.SerializerEncoding;
import com.azure.resourcemanager.postgresqlflexibleserver.models.HighAvailability;
import com.azure.resourcemanager.postgresqlflexibleserver.models.HighAvailabilityMode;
import com.azure.resourcemanager.postgresqlflexibleserver.models.ServerForUpdate;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Sku;
import com.azure.resourcemanager.postgresqlflexibleserver.models.SkuTier;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.Map;

/**
 * The PATCHes that a change needs. Azure drops the retention of a PATCH that changes the disk, too,
 * and ends it as succeeded. It refuses one that changes between a burstable size, which has no
 * standby, and another with one: the standby goes first, or comes last.
 *
 * @see <a href="https://github.com/Azure/azure-rest-api-specs/issues/22867">Retention and disk</a>
 * @see <a href="https://github.com/hashicorp/terraform-provider-azurerm/issues/27612">Size and
 *     standby</a>
 */
enum Patch {
  /** All that need not be apart. */
  CHANGE("change"),
  /** A standby that comes after a burstable size has gone. */
  STANDBY("standby"),
  /** A burstable size that comes after a standby has gone. */
  SIZE("size"),
  /** The disk, last, since it cannot be taken back. */
  DISK("disk");

  private static final SerializerAdapter JSON =
      SerializerFactory.createDefaultManagementSerializerAdapter();

  private final String step;

  Patch(String step) {
    this.step = step;
  }

  /** The name of its step. */
  String step() {
    return step;
  }

  /**
   * Takes a request apart.
   *
   * @param body all of the change; what has to come later is taken out of it
   * @param before the server before the first of the PATCHes
   * @return the PATCHes, the first one always among them
   */
  static Map<Patch, ServerForUpdate> split(ServerForUpdate body, ServerView.Facts before) {
    Map<Patch, ServerForUpdate> result = new EnumMap<>(Patch.class);
    Sku sku = body.sku();
    HighAvailability ha = body.highAvailability();
    if (sku != null && ha != null && areApart(sku, ha, before)) {
      if (isOff(ha)) {
        body.withSku(null);
        result.put(SIZE, new ServerForUpdate().withSku(sku));
      } else {
        body.withHighAvailability(null);
        result.put(STANDBY, new ServerForUpdate().withHighAvailability(ha));
      }
    }
    Storage storage = body.storage();
    if (storage != null) {
      ServerForUpdate disk = new ServerForUpdate().withStorage(storage);
      if (!written(disk).equals(written(body))) {
        body.withStorage(null);
        result.put(DISK, disk);
      }
    }
    result.put(CHANGE, body);
    return result;
  }

  private static boolean areApart(Sku sku, HighAvailability ha, ServerView.Facts before) {
    boolean burstable =
        SkuTier.BURSTABLE.equals(sku.tier()) || !Boolean.FALSE.equals(before.burstable());
    boolean changes = before.standby() == null || before.standby() == isOff(ha);
    return burstable && changes;
  }

  private static boolean isOff(HighAvailability ha) {
    return HighAvailabilityMode.DISABLED.equals(ha.mode());
  }

  /** Whether a request asks for nothing. */
  static boolean isEmpty(ServerForUpdate body) {
    return written(body).equals(written(new ServerForUpdate()));
  }

  private static String written(ServerForUpdate body) {
    try {
      return JSON.serialize(body, SerializerEncoding.JSON);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
