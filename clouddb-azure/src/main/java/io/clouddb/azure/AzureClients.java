/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure;

import com.azure.resourcemanager.postgresqlflexibleserver.PostgreSqlManager;
import io.clouddb.CloudConfig;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import org.jspecify.annotations.Nullable;

/** The clients of one subscription, made when they are first needed and shared by all regions. */
final class AzureClients implements AutoCloseable {
  private final CloudConfig config;
  private final String subscription;
  private final @Nullable PostgreSqlManager given;
  private @Nullable ArmConnection connection;
  private @Nullable PostgreSqlManager driven;
  private boolean closed;

  /**
   * Takes what was handed in.
   *
   * @throws io.clouddb.error.InvalidArgumentException when it is for another subscription
   */
  AzureClients(CloudConfig config, String subscription) {
    this.config = config;
    this.subscription = subscription;
    this.given = config.object(PostgreSqlManager.class).orElse(null);
    if (given != null) {
      String its = given.serviceClient().getSubscriptionId();
      if (!subscription.equalsIgnoreCase(its)) {
        throw ErrorDetails.of(
                ErrorCategory.INVALID_ARGUMENT,
                "The PostgreSqlManager that was handed in is for the subscription "
                    + its
                    + ", the configuration names "
                    + subscription)
            .toException();
      }
    }
  }

  synchronized PostgreSqlManager manager() {
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
      known = new ArmConnection(config, subscription);
      connection = known;
    }
    return known.manager();
  }

  /** The same client in the API version that the driver speaks. */
  synchronized PostgreSqlManager driven() {
    PostgreSqlManager known = driven;
    if (known == null) {
      known = ArmConnection.inSpokenVersion(manager());
      driven = known;
    }
    return known;
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (connection != null) {
      connection.close();
    }
  }
}
