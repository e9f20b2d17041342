/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure;

import com.azure.resourcemanager.postgresqlflexibleserver.PostgreSqlManager;
import com.azure.resourcemanager.postgresqlflexibleserver.fluent.PostgreSqlManagementClient;
import io.clouddb.CloudConfig;
import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.Support;
import io.clouddb.azure.internal.ArmErrors;
import io.clouddb.azure.internal.ArmScope;
import io.clouddb.azure.postgresql.BackupTable;
import io.clouddb.azure.postgresql.FlexibleBackups;
import io.clouddb.azure.postgresql.FlexibleReplicas;
import io.clouddb.azure.postgresql.FlexibleServers;
import io.clouddb.azure.postgresql.ReplicaTable;
import io.clouddb.azure.postgresql.RestoreTable;
import io.clouddb.spi.BackupDriver;
import io.clouddb.spi.CloudDriver;
import io.clouddb.spi.DriverContext;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.RemoteCalls;
import io.clouddb.spi.ReplicaDriver;
import io.clouddb.spi.workflow.Workflow;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** One subscription's resource group in one region. */
final class AzureDriver implements CloudDriver {
  private final AzureClients clients;
  private final RemoteCalls calls;
  private final ArmScope scope;
  private final FlexibleServers servers;
  private final FlexibleReplicas replicas;
  private final FlexibleBackups backups;
  private final boolean first;

  AzureDriver(DriverContext context) {
    this(
        context.config(),
        new AzureClients(
            context.config(), context.config().requiredProperty(AzureProvider.SUBSCRIPTION)),
        context.calls().translating(new ArmErrors()),
        true);
  }

  private AzureDriver(CloudConfig config, AzureClients clients, RemoteCalls calls, boolean first) {
    this.clients = clients;
    this.calls = calls;
    this.first = first;
    this.scope =
        new ArmScope(
            config.requiredProperty(AzureProvider.SUBSCRIPTION),
            config.requiredProperty(AzureProvider.RESOURCE_GROUP),
            config.location());
    this.servers = new FlexibleServers(scope, clients::driven, calls, config.pollInterval());
    this.replicas = new FlexibleReplicas(scope, clients::driven, calls, config.pollInterval());
    this.backups =
        new FlexibleBackups(scope, clients::driven, calls, config.pollInterval(), config.clock());
  }

  @Override
  public String account() {
    return scope.account();
  }

  @Override
  public InstanceDriver instances() {
    return servers;
  }

  @Override
  public <D> Optional<D> driver(Class<D> type) {
    if (type == ReplicaDriver.class) {
      return Optional.of(type.cast(replicas));
    }
    return type == BackupDriver.class ? Optional.of(type.cast(backups)) : Optional.empty();
  }

  @Override
  public List<Workflow<?>> workflows() {
    return Stream.of(servers.workflows(), replicas.workflows(), backups.workflows())
        .<Workflow<?>>flatMap(List::stream)
        .toList();
  }

  /** Azure Resource Manager is one for all regions: so are its clients. */
  @Override
  public CloudDriver in(CloudConfig there) {
    return new AzureDriver(there, clients, calls, false);
  }

  @Override
  public Support supports(Feature feature, FeatureContext context) {
    return ReplicaTable.support(feature, context)
        .or(() -> BackupTable.support(feature, context))
        .or(() -> RestoreTable.support(feature, context))
        .orElseGet(() -> servers.supports(feature, context));
  }

  @Override
  public <T> Optional<T> unwrap(Class<T> type) {
    if (type == PostgreSqlManager.class) {
      return Optional.of(type.cast(clients.manager()));
    }
    if (type == PostgreSqlManagementClient.class) {
      return Optional.of(type.cast(clients.manager().serviceClient()));
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    if (first) {
      clients.close();
    }
  }
}
