/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.instance;

import java.util.Optional;

/**
 * A specification that says by which login its caller connects to the instance that comes of it,
 * where the cloud made none for it: so that also who goes on in another process knows it. An
 * administrator of another name that the cloud reports stays all the same.
 */
public interface InstanceLogin {
  /**
   * The role and where its password is.
   *
   * @return the login; empty when the caller does not tell
   */
  Optional<AdminLogin> login();
}
