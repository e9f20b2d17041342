/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseFlags;
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

  /**
   * Says why parameters cannot be set.
   *
   * @param parameters the parameters
   * @param logical whether logical replication is asked for, null when nothing is said
   * @return the reason and what to do instead
   */
  static Optional<Map.Entry<String, String>> whyNot(
      Map<String, String> parameters, @Nullable Boolean logical) {
    for (Map.Entry<String, String> parameter : parameters.entrySet()) {
      String elsewhere = SET_ELSEWHERE.get(parameter.getKey());
      if (elsewhere != null) {
        return Optional.of(
            Map.entry("'" + parameter.getKey() + "' is no database flag of Cloud SQL", elsewhere));
      }
    }
    String decoding = parameters.get(LOGICAL_DECODING);
    if (decoding != null && logical != null && !decoding.equals(logical ? "on" : "off")) {
      return Optional.of(
          Map.entry(
              LOGICAL_DECODING
                  + " = "
                  + decoding
                  + " contradicts logicalReplication("
                  + logical
                  + ")",
              "leave the parameter out"));
    }
    return Optional.empty();
  }

  /**
   * Makes the list of flags.
   *
   * @param parameters the parameters
   * @param logical whether logical replication is asked for, null when nothing is said
   * @return the flags, null when there are none
   */
  static @Nullable List<DatabaseFlags> of(
      Map<String, String> parameters, @Nullable Boolean logical) {
    Map<String, String> all = new LinkedHashMap<>(parameters);
    if (logical != null) {
      all.put(LOGICAL_DECODING, logical ? "on" : "off");
    }
    return all.isEmpty() ? null : list(all);
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
    changed.forEach(flag -> all.put(flag.getName(), flag.getValue()));
    return list(all);
  }

  private static List<DatabaseFlags> list(Map<String, String> all) {
    List<DatabaseFlags> flags = new ArrayList<>();
    all.forEach((name, value) -> flags.add(new DatabaseFlags().setName(name).setValue(value)));
    return flags;
  }
}
