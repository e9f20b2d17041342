/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.testing;

import io.clouddb.testkit.postgres.EmbeddedPostgres;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** One server for each version and end, for all tests of a run; the JVM's end stops them. */
final class Servers {
  private record Key(int version, String end) {}

  private static final Map<Key, EmbeddedPostgres> RUNNING = new ConcurrentHashMap<>();

  private Servers() {}

  static EmbeddedPostgres get(int version, String end) {
    return RUNNING.computeIfAbsent(
        new Key(version, end),
        key ->
            EmbeddedPostgres.builder()
                .version(version)
                .durable(false)
                .setting("wal_level", "logical")
                .setting("max_wal_senders", "20")
                .setting("max_replication_slots", "20")
                .setting("max_connections", "100")
                .setting("max_prepared_transactions", "5")
                .start());
  }
}
