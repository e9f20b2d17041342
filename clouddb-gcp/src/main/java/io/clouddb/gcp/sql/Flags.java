/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseFlags;
import com.google.api.services.sqladmin.model.Settings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's parameters, called <a
 * href="https://cloud.google.com/sql/docs/postgres/flags">database flags</a>.
 */
final class Flags {
  static final String LOGICAL_DECODING = "cloudsql.logical_decoding";

  /** Parameters that are no flags because another field sets them. */
  private static final Map<String, String> SET_ELSEWHERE =
      Map.of(
          "wal_level", "logicalReplication(true)",
          "ssl", "tls(...)",
          "listen_addresses", "network(...)",
          "port", "the service's port 5432",
          "shared_preload_libraries", "the extension's own cloudsql.enable_... flag");

  private Flags() {}

  /** Why a parameter is no flag, since another field sets it; empty when all of them are. */
  static Optional<String> setElsewhere(Map<String, String> parameters) {
    return parameters.keySet().stream()
        .filter(SET_ELSEWHERE::containsKey)
        .findFirst()
        .map(
            name ->
                "'"
                    + name
                    + "' is no database flag of Cloud SQL, which has "
                    + SET_ELSEWHERE.get(name)
                    + " for it");
  }

  /** Why parameters contradict what is asked for beside them; empty when they do not. */
  static Optional<String> contradiction(Map<String, String> parameters, @Nullable Boolean logical) {
    String decoding = parameters.get(LOGICAL_DECODING);
    return decoding == null || logical == null || decoding.equals(text(logical))
        ? Optional.empty()
        : Optional.of(
            LOGICAL_DECODING
                + " = "
                + decoding
                + " contradicts logicalReplication("
                + logical
                + ")");
  }

  /** A flag's value. */
  static String text(boolean on) {
    return on ? "on" : "off";
  }

  /** The flag of logical replication. */
  static Map<String, String> logical(boolean on) {
    return Map.of(LOGICAL_DECODING, text(on));
  }

  /** The flags that are set. */
  static Map<String, String> of(Settings settings) {
    Map<String, String> all = new LinkedHashMap<>();
    if (settings.getDatabaseFlags() != null) {
      settings.getDatabaseFlags().forEach(flag -> all.put(flag.getName(), flag.getValue()));
    }
    return all;
  }

  /** Sets flags; others stay. */
  static void add(Settings settings, Map<String, String> flags) {
    Map<String, String> all = of(settings);
    flags.forEach((name, value) -> set(all, name, value));
    settings.setDatabaseFlags(list(all));
  }

  /**
   * A patch replaces the whole list, so it has to have the flags that stay.
   *
   * @param current the flags that are set, null when there are none
   * @param changed the flags to set
   * @return the flags to send
   */
  static List<DatabaseFlags> merge(
      @Nullable List<DatabaseFlags> current, List<DatabaseFlags> changed) {
    Map<String, String> all = new LinkedHashMap<>();
    if (current != null) {
      current.forEach(flag -> all.put(flag.getName(), flag.getValue()));
    }
    changed.forEach(flag -> set(all, flag.getName(), flag.getValue()));
    return list(all);
  }

  /** PostgreSQL's parameters are the same in any case, and one flag is not to be set twice. */
  private static void set(Map<String, String> all, String name, @Nullable String value) {
    all.keySet().removeIf(its -> !its.equals(name) && its.equalsIgnoreCase(name));
    all.put(name, value);
  }

  private static List<DatabaseFlags> list(Map<String, String> all) {
    List<DatabaseFlags> flags = new ArrayList<>();
    all.forEach((name, value) -> flags.add(new DatabaseFlags().setName(name).setValue(value)));
    return flags;
  }
}
