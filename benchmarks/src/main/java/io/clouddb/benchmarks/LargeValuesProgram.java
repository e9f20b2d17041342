/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.benchmarks;

import io.clouddb.migration.postgres.apply.Applier;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import java.util.Map;
import java.util.Objects;

/**
 * A copy, or the apply up to a marker, in a JVM with a small heap.
 *
 * <p>Arguments: {@code copy}, or {@code apply <publication> <slot>}. The databases are described by
 * the environment, so that no password stands in a list of processes.
 */
public final class LargeValuesProgram {
  private LargeValuesProgram() {}

  static void describe(ConnectionDetails server, String prefix, Map<String, String> environment) {
    environment.put(prefix + "_HOST", server.host());
    environment.put(prefix + "_PORT", Integer.toString(server.port()));
    environment.put(prefix + "_DATABASE", server.database());
    environment.put(prefix + "_USER", server.user());
    environment.put(prefix + "_PASSWORD", server.credentials().getProperty("password"));
  }

  /**
   * Runs it.
   *
   * @param arguments see the class
   * @throws Exception when it fails
   */
  public static void main(String[] arguments) throws Exception {
    ConnectionDetails source = server("SOURCE");
    ConnectionDetails target = server("TARGET");
    if (arguments[0].equals("copy")) {
      DatabaseCopies.clouddb(source, target, 2);
      return;
    }
    String slot = arguments[2];
    try (Applier applier = FollowedApplier.start(source, target, arguments[1], slot)) {
      Marker.await(target, slot, applier);
    }
  }

  private static ConnectionDetails server(String prefix) {
    String url =
        "jdbc:postgresql://"
            + value(prefix + "_HOST")
            + ":"
            + value(prefix + "_PORT")
            + "/"
            + value(prefix + "_DATABASE")
            // A server of the benchmark's own, on this machine.
            + "?sslmode=disable";
    return ConnectionDetails.ofJdbcUrl(
        url, value(prefix + "_USER"), SecretRef.environment(prefix + "_PASSWORD"));
  }

  private static String value(String variable) {
    return Objects.requireNonNull(System.getenv(variable), variable);
  }
}
