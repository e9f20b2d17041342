/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Backup;
import com.azure.resourcemanager.postgresqlflexibleserver.models.CreateMode;
import com.azure.resourcemanager.postgresqlflexibleserver.models.HighAvailability;
import com.azure.resourcemanager.postgresqlflexibleserver.models.HighAvailabilityMode;
import com.azure.resourcemanager.postgresqlflexibleserver.models.MaintenanceWindow;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Network;
import com.azure.resourcemanager.postgresqlflexibleserver.models.ServerForUpdate;
import com.azure.resourcemanager.postgresqlflexibleserver.models.ServerVersion;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Sku;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Storage;
import io.clouddb.DataSize;
import io.clouddb.instance.Availability;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.spi.OperationState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The bodies of PUT and PATCH of a server. The plan has been checked before. */
final class ServerRequests {
  private static final int DAYS = 7;

  private ServerRequests() {}

  static ServerInner create(InstanceSpec spec, String id, String location, String password) {
    Map<String, String> tags = new HashMap<>(spec.tags());
    tags.put(OperationState.CREATION_TAG, id);
    ServerInner server =
        new ServerInner()
            .withLocation(location)
            .withTags(tags)
            .withSku(sku(spec.size(), spec.availability()))
            .withCreateMode(CreateMode.CREATE)
            .withVersion(ServerVersion.fromString(spec.engineVersion().replaceFirst("[.].*", "")))
            .withAdministratorLogin(spec.admin().user())
            .withAdministratorLoginPassword(password)
            .withStorage(storage(spec.storage().size()))
            .withHighAvailability(highAvailability(spec.availability()));
    spec.backups()
        .flatMap(policy -> policy.retentionDays())
        .ifPresent(days -> server.withBackup(backup(days)));
    spec.network()
        .flatMap(network -> network.privateNetwork())
        .ifPresent(
            subnet -> {
              Network network = new Network().withDelegatedSubnetResourceId(subnet);
              spec.network()
                  .flatMap(asked -> asked.dnsZone())
                  .ifPresent(network::withPrivateDnsZoneArmResourceId);
              server.withNetwork(network);
            });
    return server;
  }

  /** The PATCH of a change; empty when the change is one of parameters only. */
  static Optional<ServerForUpdate> update(
      InstanceChange change,
      ServerView.Facts current,
      Optional<String> password,
      Map<String, String> currentTags) {
    List<Consumer<ServerForUpdate>> edits = new ArrayList<>();
    change
        .size()
        .ifPresent(
            size -> {
              Sku sku = sku(size, FlexibleServerPlan.availability(change, current));
              edits.add(update -> update.withSku(sku));
            });
    change.storageSize().ifPresent(size -> edits.add(update -> update.withStorage(storage(size))));
    change
        .availability()
        .ifPresent(
            value -> edits.add(update -> update.withHighAvailability(highAvailability(value))));
    password.ifPresent(
        secret -> edits.add(update -> update.withAdministratorLoginPassword(secret)));
    change
        .backups()
        .flatMap(policy -> policy.retentionDays())
        .ifPresent(days -> edits.add(update -> update.withBackup(backup(days))));
    change
        .maintenance()
        .ifPresent(
            window -> edits.add(update -> update.withMaintenanceWindow(maintenance(window))));
    if (!change.tags().isEmpty()) {
      // A PATCH replaces all tags.
      Map<String, String> tags = new HashMap<>(currentTags);
      tags.putAll(change.tags());
      edits.add(update -> update.withTags(tags));
    }
    if (edits.isEmpty()) {
      return Optional.empty();
    }
    ServerForUpdate update = new ServerForUpdate();
    edits.forEach(edit -> edit.accept(update));
    return Optional.of(update);
  }

  static MaintenanceWindow maintenance(io.clouddb.instance.MaintenanceWindow window) {
    return new MaintenanceWindow()
        .withCustomWindow("Enabled")
        // Azure counts from Sunday, 0.
        .withDayOfWeek(window.day().getValue() % DAYS)
        .withStartHour(window.start().getHour())
        .withStartMinute(window.start().getMinute());
  }

  private static Sku sku(InstanceSize size, Availability availability) {
    return ServerSizes.sku(size, availability)
        .orElseThrow(() -> new IllegalStateException("The plan let pass the size " + size));
  }

  private static Storage storage(DataSize size) {
    DataSize sold =
        StorageSizes.smallest(size)
            .orElseThrow(() -> new IllegalStateException("The plan let pass the disk " + size));
    return new Storage().withStorageSizeGB(Math.toIntExact(sold.toGibExact()));
  }

  private static HighAvailability highAvailability(Availability availability) {
    return new HighAvailability()
        .withMode(
            availability == Availability.REGIONAL
                ? HighAvailabilityMode.ZONE_REDUNDANT
                : HighAvailabilityMode.DISABLED);
  }

  private static Backup backup(int days) {
    return new Backup()
        .withBackupRetentionDays(
            Math.max(
                FlexibleServerPlan.LEAST_RETENTION,
                Math.min(FlexibleServerPlan.MOST_RETENTION, days)));
  }
}
