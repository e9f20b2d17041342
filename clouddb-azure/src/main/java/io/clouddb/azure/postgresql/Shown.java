/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Backup;
import com.azure.resourcemanager.postgresqlflexibleserver.models.HighAvailability;
import com.azure.resourcemanager.postgresqlflexibleserver.models.HighAvailabilityMode;
import com.azure.resourcemanager.postgresqlflexibleserver.models.MaintenanceWindow;
import com.azure.resourcemanager.postgresqlflexibleserver.models.ServerForUpdate;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Sku;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Storage;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Holds what a server shows beside what it was asked for. Azure can end a request as succeeded and
 * leave out a part of it, and it forgets how an operation ended.
 */
final class Shown {
  private Shown() {}

  /** The first thing that a server shows otherwise than it was asked for, in words. */
  static Optional<String> difference(ServerForUpdate asked, ServerInner server) {
    return differs("size", name(asked.sku()), name(server.sku()))
        .or(() -> disk(gib(asked.storage()), gib(server.storage())))
        .or(() -> standby(asked.highAvailability(), server.highAvailability()))
        .or(() -> differs("retention", days(asked.backup()), days(server.backup())))
        .or(() -> differs("version", asked.version(), server.version()))
        .or(
            () ->
                differs(
                    "maintenance window",
                    window(asked.maintenanceWindow()),
                    window(server.maintenanceWindow())))
        .or(() -> tags(asked.tags(), server.tags()));
  }

  private static Optional<String> differs(
      String what, @Nullable Object asked, @Nullable Object shown) {
    return asked == null || Objects.toString(asked).equalsIgnoreCase(Objects.toString(shown))
        ? Optional.empty()
        : Optional.of("the " + what + " is " + shown + " instead of " + asked);
  }

  /** Where it grows by itself, a disk may be larger than it was asked for. */
  private static Optional<String> disk(@Nullable Integer asked, @Nullable Integer shown) {
    return asked != null && shown != null && shown > asked
        ? Optional.empty()
        : differs("disk's size in GiB", asked, shown);
  }

  private static Optional<String> standby(
      @Nullable HighAvailability asked, @Nullable HighAvailability shown) {
    if (asked == null || asked.mode() == null) {
      return Optional.empty();
    }
    HighAvailabilityMode mode =
        shown == null || shown.mode() == null ? HighAvailabilityMode.DISABLED : shown.mode();
    return differs("high availability", asked.mode(), mode);
  }

  private static @Nullable String name(@Nullable Sku sku) {
    return sku == null ? null : sku.name();
  }

  private static @Nullable Integer gib(@Nullable Storage storage) {
    return storage == null ? null : storage.storageSizeGB();
  }

  private static @Nullable Integer days(@Nullable Backup backup) {
    return backup == null ? null : backup.backupRetentionDays();
  }

  private static @Nullable String window(@Nullable MaintenanceWindow window) {
    if (window == null || !"enabled".equalsIgnoreCase(window.customWindow())) {
      return window == null ? null : "Azure's choice";
    }
    return "day "
        + number(window.dayOfWeek())
        + ", "
        + number(window.startHour())
        + ":"
        + number(window.startMinute());
  }

  private static int number(@Nullable Integer value) {
    return value == null ? 0 : value;
  }

  /** Tags that somebody else has set are none of this request's. */
  private static Optional<String> tags(
      @Nullable Map<String, String> asked, @Nullable Map<String, String> shown) {
    if (asked == null) {
      return Optional.empty();
    }
    Map<String, String> there = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    if (shown != null) {
      there.putAll(shown);
    }
    return asked.entrySet().stream()
        .filter(tag -> !tag.getValue().equals(there.get(tag.getKey())))
        .findFirst()
        .map(tag -> "the tag " + tag.getKey() + " is not what it was asked to be");
  }
}
