/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import io.clouddb.instance.Insights;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.TlsMode;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** The server parameters that portable fields become, beside those that the caller names. */
final class ServerParameters {
  static final String TLS = "require_secure_transport";
  static final String WAL_LEVEL = "wal_level";
  static final String QUERY_STORE = "pg_qs.query_capture_mode";
  static final String QUERY_STORE_DAYS = "pg_qs.retention_period_in_days";

  /** The parameter takes 1 to 30 days. */
  static final int MOST_QUERY_STORE_DAYS = 30;

  private ServerParameters() {}

  /** What a spec asks for. TLS is required by Azure's default. */
  static Map<String, String> of(InstanceSpec spec) {
    return merged(
        spec.parameters(),
        implied(
            spec.tls() == TlsMode.REQUIRED ? Optional.empty() : Optional.of(spec.tls()),
            spec.logicalReplication(),
            spec.insights()));
  }

  /** What a change asks for. */
  static Map<String, String> of(InstanceChange change) {
    return merged(
        change.parameters(), implied(change.tls(), change.logicalReplication(), change.insights()));
  }

  /** The caller's parameters that say something else than the caller's fields. */
  static List<String> contradictions(InstanceSpec spec) {
    return contradictions(
        spec.parameters(),
        implied(Optional.of(spec.tls()), spec.logicalReplication(), spec.insights()));
  }

  /** The caller's parameters that say something else than the caller's fields. */
  static List<String> contradictions(InstanceChange change) {
    return contradictions(
        change.parameters(), implied(change.tls(), change.logicalReplication(), change.insights()));
  }

  private static List<String> contradictions(
      Map<String, String> named, Map<String, String> implied) {
    return implied.entrySet().stream()
        .filter(
            entry -> {
              String other = named.get(entry.getKey());
              return other != null && !other.equalsIgnoreCase(entry.getValue());
            })
        .map(Map.Entry::getKey)
        .toList();
  }

  private static Map<String, String> implied(
      Optional<TlsMode> tls, Optional<Boolean> logical, Optional<Insights> insights) {
    Map<String, String> result = new TreeMap<>();
    tls.ifPresent(mode -> result.put(TLS, mode == TlsMode.OPTIONAL ? "off" : "on"));
    logical.ifPresent(on -> result.put(WAL_LEVEL, on ? "logical" : "replica"));
    insights.ifPresent(
        asked -> {
          result.put(QUERY_STORE, asked.collected() ? "top" : "none");
          asked
              .retentionDays()
              .ifPresent(
                  days ->
                      result.put(
                          QUERY_STORE_DAYS, String.valueOf(Math.min(days, MOST_QUERY_STORE_DAYS))));
        });
    return result;
  }

  private static Map<String, String> merged(
      Map<String, String> named, Map<String, String> implied) {
    Map<String, String> all = new TreeMap<>(Objects.requireNonNull(named));
    all.putAll(implied);
    return all;
  }
}
