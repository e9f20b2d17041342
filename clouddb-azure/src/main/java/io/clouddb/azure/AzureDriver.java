/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure;

import com.azure.resourcemanager.postgresqlflexibleserver.PostgreSqlManager;
import com.azure.resourcemanager.postgresqlflexibleserver.fluent.PostgreSqlManagementClient;
import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.ServerForUpdate;
import io.clouddb.CloudConfig;
import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.Support;
import io.clouddb.azure.internal.ArmErrors;
import io.clouddb.azure.internal.ArmScope;
import io.clouddb.azure.postgresql.FlexibleServerSupport;
import io.clouddb.azure.postgresql.FlexibleServers;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.CloudDriver;
import io.clouddb.spi.DriverContext;
import io.clouddb.spi.InstanceDriver;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One subscription's resource group in one region. */
final class AzureDriver implements CloudDriver {
  private final CloudConfig config;
  private final ArmScope scope;
  private final FlexibleServers servers;
  private final @Nullable PostgreSqlManager given;
  private @Nullable ArmConnection connection;
  private @Nullable PostgreSqlManager driven;
  private boolean closed;

  AzureDriver(DriverContext context) {
    this.config = context.config();
    this.scope =
        new ArmScope(
            config.requiredProperty(AzureProvider.SUBSCRIPTION),
            config.requiredProperty(AzureProvider.RESOURCE_GROUP),
            config.location());
    this.given = config.object(PostgreSqlManager.class).orElse(null);
    if (given != null) {
      String subscription = given.serviceClient().getSubscriptionId();
      if (!scope.subscription().equalsIgnoreCase(subscription)) {
        throw ErrorDetails.of(
                ErrorCategory.INVALID_ARGUMENT,
                "The PostgreSqlManager that was handed in is for the subscription "
                    + subscription
                    + ", the configuration names "
                    + scope.subscription())
            .toException();
      }
    }
    this.servers =
        new FlexibleServers(
            scope,
            this::driven,
            context.calls().translating(new ArmErrors()),
            this::resolveSecret,
            config.pollInterval());
  }

  /** The client, made when it is first needed. */
  private synchronized PostgreSqlManager manager() {
    if (closed) {
      throw ErrorDetails.of(ErrorCategory.UNAVAILABLE, config + " is closed")
          .retryable(false)
          .toException();
    }
    if (given != null) {
      return given;
    }
    ArmConnection known = connection;
    if (known == null) {
      known = new ArmConnection(config, scope.subscription());
      connection = known;
    }
    return known.manager();
  }

  /** The same client in the API version that this driver speaks. */
  private synchronized PostgreSqlManager driven() {
    PostgreSqlManager known = driven;
    if (known == null) {
      known = ArmConnection.inSpokenVersion(manager());
      driven = known;
    }
    return known;
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
  public Support supports(Feature feature, FeatureContext context) {
    return FlexibleServerSupport.of(feature, context);
  }

  @Override
  public Set<Class<?>> customizableTypes() {
    return Set.of(ServerInner.class, ServerForUpdate.class);
  }

  @Override
  public <T> Optional<T> unwrap(Class<T> type) {
    if (type == PostgreSqlManager.class) {
      return Optional.of(type.cast(manager()));
    }
    if (type == PostgreSqlManagementClient.class) {
      return Optional.of(type.cast(manager().serviceClient()));
    }
    return Optional.empty();
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (connection != null) {
      connection.close();
    }
  }
}
