/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * The parameters that a replica must not have smaller than its primary, since it keeps the
 * primary's transactions and locks in tables of that size. Where one is, the server pauses replay,
 * and says so in its log only ("Administrator Overview" of Hot Standby in PostgreSQL's manual).
 */
final class RecoveryParameters {
  static final List<String> NAMES =
      List.of(
          "max_connections",
          "max_worker_processes",
          "max_wal_senders",
          "max_prepared_transactions",
          "max_locks_per_transaction");

  private static final Duration LIMIT = Duration.ofSeconds(20);

  private RecoveryParameters() {}

  static boolean contains(String name) {
    return NAMES.stream().anyMatch(name::equalsIgnoreCase);
  }

  /** Those that a server runs with. */
  static Map<String, Integer> of(SuperuserSession session) throws SQLException {
    Map<String, Integer> values = new LinkedHashMap<>();
    for (String name : NAMES) {
      String value = session.value("SELECT pg_catalog.current_setting(?)", name);
      values.put(name, Integer.valueOf(Objects.requireNonNull(value)));
    }
    return values;
  }

  /**
   * Those that a server would have if it were started now, whichever of its files says so; none
   * when it would not start.
   */
  static Map<String, Integer> configured(Host host, InstanceDirectory directory)
      throws IOException {
    Map<String, Integer> values = new LinkedHashMap<>();
    for (String name : NAMES) {
      OptionalInt value = configured(host, directory, name);
      if (value.isEmpty()) {
        return Map.of();
      }
      values.put(name, value.getAsInt());
    }
    return values;
  }

  private static OptionalInt configured(Host host, InstanceDirectory directory, String name)
      throws IOException {
    Command.Result result =
        Command.run(
            host.user()
                .command(
                    List.of(
                        host.installation().program("postgres"),
                        "-C",
                        name,
                        "-D",
                        directory.data().toString())),
            LIMIT);
    // What the log says comes first.
    String last = result.output().lines().reduce("", (earlier, later) -> later).strip();
    return result.succeeded() && last.matches("\\d+")
        ? OptionalInt.of(Integer.parseInt(last))
        : OptionalInt.empty();
  }
}
