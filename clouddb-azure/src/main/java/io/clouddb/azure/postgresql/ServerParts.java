/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a server gets by requests of their own, one for each of it. Filled by the field table. */
final class ServerParts {
  private @Nullable String database;
  private final Set<String> ranges = new TreeSet<>();
  private final Map<String, String> parameters = CaselessNames.merged(null, null);

  void database(String name) {
    // That one is in every server.
    this.database = name.equals("postgres") ? null : name;
  }

  /** The database that has to be made. */
  Optional<String> database() {
    return Optional.ofNullable(database);
  }

  /** The ranges that may reach it, each of which is a firewall rule. */
  Set<String> ranges() {
    return ranges;
  }

  /** The server parameters. */
  Map<String, String> parameters() {
    return parameters;
  }
}
