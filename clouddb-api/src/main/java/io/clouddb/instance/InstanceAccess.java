/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.instance;

import java.util.Optional;

/**
 * A specification of an instance that says how whoever asks connects to it: the cloud tells neither
 * where a password is nor, on some clouds, which database was made.
 */
public interface InstanceAccess {
  /**
   * The administrator.
   *
   * @return the login, with the place of its password unless the cloud keeps it
   */
  AdminLogin admin();

  /**
   * The database to connect to.
   *
   * @return its name; empty for the engine's default one
   */
  Optional<String> database();
}
