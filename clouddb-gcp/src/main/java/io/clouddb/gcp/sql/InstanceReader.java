/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.IpConfiguration;
import com.google.api.services.sqladmin.model.IpMapping;
import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.DataSize;
import io.clouddb.ResourceId;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Availability;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceState;
import io.clouddb.instance.Instances;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads Cloud SQL's instances as portable ones. */
final class InstanceReader {
  static final String RUNNABLE = "RUNNABLE";
  static final String PENDING_CREATE = "PENDING_CREATE";
  static final String PENDING_DELETE = "PENDING_DELETE";
  static final String FAILED = "FAILED";
  static final String SUSPENDED = "SUSPENDED";
  static final String ALWAYS = "ALWAYS";
  static final String NEVER = "NEVER";
  private static final int PORT = 5432;

  private final String project;
  private final String region;

  InstanceReader(String project, String region) {
    this.project = project;
    this.region = region;
  }

  ResourceId id(String name) {
    return ResourceId.of("gcp", project, region, Instances.KIND, name);
  }

  Instance read(DatabaseInstance found) {
    String installed =
        found.getDatabaseInstalledVersion() == null
            ? found.getDatabaseVersion()
            : found.getDatabaseInstalledVersion();
    ResourceId id = id(found.getName());
    if (found.getSelfLink() != null) {
      id = id.withNativeId(found.getSelfLink());
    }
    Instance.Builder builder =
        Instance.builder(
                id,
                EngineVersion.engine(installed),
                EngineVersion.version(installed),
                state(found),
                String.valueOf(found.getState()))
            .nativeObject(found);
    address(found).ifPresent(address -> builder.endpoint(address.getIpAddress(), port(address)));
    Settings settings = found.getSettings();
    if (settings != null) {
      readSettings(builder, settings);
    }
    ServerRoots.read(found, builder);
    return builder.build();
  }

  private static void readSettings(Instance.Builder builder, Settings settings) {
    IpConfiguration addresses = settings.getIpConfiguration();
    Long size = settings.getDataDiskSizeGb();
    Map<String, String> labels = labels(settings);
    builder
        .nativeSize(settings.getTier())
        .storageSize(size == null ? null : DataSize.gib(size))
        .availability(availability(settings.getAvailabilityType()))
        .tls(NetworkFields.tls(addresses == null ? null : addresses.getSslMode()))
        .deletionProtection(Boolean.TRUE.equals(settings.getDeletionProtectionEnabled()))
        .tags(labels)
        .admin(Labels.admin(labels).map(user -> AdminLogin.named(user)).orElse(null))
        .database(Labels.database(labels).orElse(null));
  }

  static Map<String, String> labels(@Nullable Settings settings) {
    return settings == null || settings.getUserLabels() == null
        ? Map.of()
        : settings.getUserLabels();
  }

  private static @Nullable Availability availability(@Nullable String type) {
    if ("REGIONAL".equals(type)) {
      return Availability.REGIONAL;
    }
    return "ZONAL".equals(type) ? Availability.ZONAL : null;
  }

  /**
   * What the instance is doing. A stopped one is {@code RUNNABLE} too: its activation policy tells.
   */
  static InstanceState state(DatabaseInstance found) {
    if (found.getState() == null) {
      return InstanceState.OTHER;
    }
    return switch (found.getState()) {
      case RUNNABLE -> isStopped(found) ? InstanceState.STOPPED : InstanceState.AVAILABLE;
      case PENDING_CREATE -> InstanceState.CREATING;
      case PENDING_DELETE -> InstanceState.DELETING;
      case "MAINTENANCE", "ONLINE_MAINTENANCE", "REPAIRING" -> InstanceState.MODIFYING;
      // A suspended one (no billing, no key) is out of work until somebody mends the cause.
      case FAILED, SUSPENDED -> InstanceState.FAILED;
      default -> InstanceState.OTHER;
    };
  }

  private static boolean isStopped(DatabaseInstance found) {
    return found.getSettings() != null && NEVER.equals(found.getSettings().getActivationPolicy());
  }

  /** The public address where the public may come in, else the private one. */
  private static Optional<IpMapping> address(DatabaseInstance found) {
    List<IpMapping> all = found.getIpAddresses() == null ? List.of() : found.getIpAddresses();
    Settings settings = found.getSettings();
    IpConfiguration configuration = settings == null ? null : settings.getIpConfiguration();
    boolean open =
        configuration != null
            && configuration.getAuthorizedNetworks() != null
            && !configuration.getAuthorizedNetworks().isEmpty();
    Optional<IpMapping> primary = ofType(all, "PRIMARY");
    Optional<IpMapping> inside = ofType(all, "PRIVATE");
    return open ? primary.or(() -> inside) : inside.or(() -> primary);
  }

  private static Optional<IpMapping> ofType(List<IpMapping> all, String type) {
    return all.stream().filter(mapping -> type.equals(mapping.getType())).findFirst();
  }

  /**
   * Cloud SQL listens on PostgreSQL's own port, and its API has no field for another one. A
   * simulator whose databases share one machine adds the field {@code port}.
   */
  private static int port(IpMapping mapping) {
    return mapping.get("port") instanceof Number port ? port.intValue() : PORT;
  }
}
