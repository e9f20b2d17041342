/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.GeoRedundantBackupEnum;
import com.azure.resourcemanager.postgresqlflexibleserver.models.HighAvailability;
import com.azure.resourcemanager.postgresqlflexibleserver.models.HighAvailabilityMode;
import com.azure.resourcemanager.postgresqlflexibleserver.models.ServerState;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Sku;
import com.azure.resourcemanager.postgresqlflexibleserver.models.SkuTier;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Storage;
import io.clouddb.DataSize;
import io.clouddb.azure.internal.ArmScope;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Availability;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceState;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An {@link Instance} out of what Azure says of a server. */
final class ServerView {
  private static final int PORT = 5432;

  private ServerView() {}

  static Instance instance(ArmScope scope, ServerInner server, @Nullable String database) {
    String nativeState = nativeState(server);
    Instance.Builder instance =
        Instance.builder(
                scope.instance(server.name()).withNativeId(server.id()),
                Engine.POSTGRESQL,
                version(server),
                state(nativeState),
                nativeState)
            .database(database)
            .nativeObject(server);
    String host = server.fullyQualifiedDomainName();
    if (host != null && !host.isEmpty()) {
      endpoint(instance, host);
    }
    if (server.administratorLogin() != null) {
      instance.admin(AdminLogin.named(server.administratorLogin()));
    }
    Sku sku = server.sku();
    if (sku != null) {
      instance.nativeSize(sku.name());
    }
    Storage storage = server.storage();
    if (storage != null && storage.storageSizeGB() != null) {
      instance.storageSize(DataSize.gib(storage.storageSizeGB()));
    }
    HighAvailability ha = server.highAvailability();
    if (ha != null && ha.mode() != null) {
      instance.availability(
          HighAvailabilityMode.ZONE_REDUNDANT.equals(ha.mode())
              ? Availability.REGIONAL
              : Availability.ZONAL);
    }
    Map<String, String> tags = server.tags();
    if (tags != null) {
      instance.tags(tags);
    }
    return instance.build();
  }

  /**
   * What of a server decides whether a change fits.
   *
   * @param standby whether it has a standby; null when it is not known
   * @param burstable whether its size is a burstable one; null when it is not known
   * @param geoRedundant whether its backups are in the paired region, too; null when it is not
   *     known
   * @param retentionDays for how long its backups are kept; null when it is not known
   */
  record Facts(
      @Nullable Boolean standby,
      @Nullable Boolean burstable,
      @Nullable Boolean geoRedundant,
      @Nullable Integer retentionDays) {
    /** Of a server that nobody has looked at. */
    static final Facts UNKNOWN = new Facts(null, null, null, null);

    /** Of a server that was just restored. */
    static Facts restored(@Nullable Boolean burstable) {
      return new Facts(false, burstable, null, null);
    }
  }

  static Facts facts(ServerInner server) {
    HighAvailability ha = server.highAvailability();
    Sku sku = server.sku();
    return new Facts(
        (ha == null || ha.mode() == null) ? null : !HighAvailabilityMode.DISABLED.equals(ha.mode()),
        (sku == null || sku.tier() == null) ? null : SkuTier.BURSTABLE.equals(sku.tier()),
        (server.backup() == null || server.backup().geoRedundantBackup() == null)
            ? null
            : GeoRedundantBackupEnum.ENABLED.equals(server.backup().geoRedundantBackup()),
        server.backup() == null ? null : server.backup().backupRetentionDays());
  }

  /** Azure's names have no port, it is 5432; what stands in for Azure may add one. */
  private static void endpoint(Instance.Builder instance, String host) {
    int colon = host.lastIndexOf(':');
    if (colon > 0 && host.substring(colon + 1).matches("[0-9]{1,5}")) {
      instance.endpoint(host.substring(0, colon), Integer.parseInt(host.substring(colon + 1)));
    } else {
      instance.endpoint(host, PORT);
    }
  }

  /** Major and minor version; empty while Azure tells none. */
  static String version(ServerInner server) {
    String major = server.version() == null ? "" : server.version().toString();
    String minor = server.minorVersion();
    return minor == null || minor.isEmpty() ? major : major + "." + minor;
  }

  /** Azure's own word; while a server is being made it may have none. */
  static String nativeState(ServerInner server) {
    ServerState state = server.state();
    return state == null ? "Provisioning" : state.toString();
  }

  static InstanceState state(String nativeState) {
    return switch (nativeState.toLowerCase(Locale.ROOT)) {
      case "ready" -> InstanceState.AVAILABLE;
      case "provisioning" -> InstanceState.CREATING;
      case "updating", "restarting" -> InstanceState.MODIFYING;
      case "starting" -> InstanceState.STARTING;
      case "stopping" -> InstanceState.STOPPING;
      case "stopped" -> InstanceState.STOPPED;
      case "dropping" -> InstanceState.DELETING;
      case "disabled", "inaccessible" -> InstanceState.FAILED;
      default -> InstanceState.OTHER;
    };
  }

  /** Whether a server leaves a state by itself. */
  static boolean isPassing(InstanceState state) {
    return switch (state) {
      case CREATING, MODIFYING, STARTING, STOPPING, OTHER -> true;
      case AVAILABLE, STOPPED, DELETING, FAILED -> false;
    };
  }
}
