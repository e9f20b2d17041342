/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi;

import io.clouddb.CloudConfig;
import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.Support;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.workflow.Workflow;
import java.util.List;
import java.util.Optional;

/** One cloud, opened for one location and account. Safe for use by several threads. */
public interface CloudDriver extends AutoCloseable {
  /**
   * The account, as it stands in resource ids. Where only the cloud knows whose the credentials
   * are, the first call asks it.
   *
   * @return account number, subscription and resource group, or project; may be empty
   * @throws io.clouddb.error.CloudDbException when the cloud was asked and did not tell
   */
  String account();

  /**
   * The account, without a remote call. By default that of {@link #account()}: a driver that has to
   * ask the cloud for it says here what it knows already.
   *
   * @return the account; empty as long as the cloud would have to be asked
   */
  default Optional<String> knownAccount() {
    return Optional.of(account());
  }

  /**
   * Managed database instances.
   *
   * @return the driver
   */
  InstanceDriver instances();

  /**
   * What the cloud has beside instances: each feature has its own interface.
   *
   * @param type for example {@link ReplicaDriver}
   * @param <D> the interface
   * @return the driver, empty when the cloud has none of that kind
   */
  default <D> Optional<D> driver(Class<D> type) {
    return Optional.empty();
  }

  /**
   * How the driver does each kind of long operation that it can do.
   *
   * @return the workflows
   */
  default List<Workflow<?>> workflows() {
    return List.of();
  }

  /**
   * The same cloud and account in another region, with clients from the same pool.
   *
   * @param there the other region's configuration
   * @return a driver, which is closed with this one and needs no close of its own
   */
  default CloudDriver in(CloudConfig there) {
    throw ErrorDetails.of(
            ErrorCategory.UNSUPPORTED_FEATURE,
            there.provider() + " has no other regions than the one that is open")
        .toException();
  }

  /**
   * Tells whether the cloud has a feature, without a remote call.
   *
   * @param feature the feature
   * @param context for which engine, edition and region
   * @return the answer; {@link Support#no(String)} for a feature that the driver does not know
   */
  Support supports(Feature feature, FeatureContext context);

  /**
   * The vendor's client.
   *
   * @param type the vendor's class
   * @param <T> the vendor's class
   * @return the client, empty when the driver has none of that class
   */
  <T> Optional<T> unwrap(Class<T> type);

  /**
   * Reads a secret, also one in the cloud's own store.
   *
   * @param reference where it is
   * @return the secret
   */
  default String resolveSecret(SecretRef reference) {
    return reference.resolve();
  }

  /** Closes the clients that the driver made itself, and no other. */
  @Override
  void close();
}
