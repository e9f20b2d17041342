/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi;

import java.util.List;
import java.util.Set;

/**
 * A cloud, found by {@link java.util.ServiceLoader}. Cheap to make; makes no client before one is
 * needed.
 */
public interface CloudDbProvider {
  /**
   * The provider's id, which is the scheme in {@code clouddb:<id>:<location>}.
   *
   * @return lower case letters, for example {@code aws}
   */
  String id();

  /**
   * The names that a URL's or a configuration's properties may have, for example {@code project}.
   *
   * @return the names
   */
  Set<String> properties();

  /**
   * The classes of vendor objects that a caller may hand in: clients, HTTP clients, credentials.
   *
   * @return the classes
   */
  Set<Class<?>> acceptedObjects();

  /**
   * What writes requests down, secrets and all, when somebody turns it on, and cannot be kept from
   * it by the provider: of each that is on when the cloud is opened, a warning tells. A list, since
   * the method handles by which a set compares records keep their class loader for a while.
   *
   * @return loggers and system properties
   */
  default List<WireLog> wireLogs() {
    return List.of();
  }

  /**
   * Opens the cloud. Makes no remote call.
   *
   * @param context what the driver works with
   * @return a driver for one location and account
   * @throws io.clouddb.error.InvalidArgumentException when a property is missing or wrong
   */
  CloudDriver open(DriverContext context);
}
