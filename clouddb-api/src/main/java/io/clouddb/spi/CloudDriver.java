/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi;

import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.Support;
import io.clouddb.security.SecretRef;
import java.util.Optional;
import java.util.Set;

/** One cloud, opened for one location and account. Safe for use by several threads. */
public interface CloudDriver extends AutoCloseable {
  /**
   * The account, as it stands in resource ids.
   *
   * @return account number, subscription and resource group, or project; may be empty
   */
  String account();

  /**
   * Managed database instances.
   *
   * @return the driver
   */
  InstanceDriver instances();

  /**
   * Tells whether the cloud has a feature, without a remote call.
   *
   * @param feature the feature
   * @param context for which engine, edition and region
   * @return the answer; {@link Support#no(String)} for a feature that the driver does not know
   */
  Support supports(Feature feature, FeatureContext context);

  /**
   * The vendor's request and builder classes that {@link io.clouddb.Native} can customize.
   *
   * @return the classes
   */
  Set<Class<?>> customizableTypes();

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
