/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.server;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A parameter as its cloud knows it, and what it means to the server.
 *
 * @param name its name, in lower case
 * @param value its value
 * @param serverSettings what the server is told
 * @param checkedByServer whether the server knows the parameter by that name
 * @param tlsOnlyOrNull whether connections without TLS are refused; null when it is not about that
 */
record CloudParameter(
    String name,
    String value,
    Map<String, String> serverSettings,
    boolean checkedByServer,
    @Nullable Boolean tlsOnlyOrNull) {
  static CloudParameter ofServer(String name, String value) {
    return new CloudParameter(name, value, Map.of(name, value), true, null);
  }

  static CloudParameter ofCloud(String name, String value, Map<String, String> serverSettings) {
    return new CloudParameter(name, value, serverSettings, false, null);
  }

  static CloudParameter ofTls(String name, String value, boolean tlsOnly) {
    return new CloudParameter(name, value, Map.of(), false, tlsOnly);
  }

  Optional<Boolean> tlsOnly() {
    return Optional.ofNullable(tlsOnlyOrNull);
  }
}
