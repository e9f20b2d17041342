/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.instance.InstanceField.INSIGHTS;
import static io.clouddb.instance.InstanceField.INSIGHTS_RETENTION;
import static io.clouddb.instance.InstanceField.LOGICAL_REPLICATION;
import static io.clouddb.instance.InstanceField.PARAMETERS;

import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.TlsMode;
import io.clouddb.plan.Field;
import io.clouddb.spi.mapping.Asked;
import io.clouddb.spi.mapping.FieldRow;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What becomes server parameters: those that the caller names, and what other fields mean. */
final class ParameterFields {
  static final String TLS = "require_secure_transport";

  private static final String WAL_LEVEL = "wal_level";
  private static final String QUERY_STORE = "pg_qs.query_capture_mode";
  private static final String QUERY_STORE_DAYS = "pg_qs.retention_period_in_days";
  private static final String ON = "on";

  /** The parameter takes 1 to 30 days. */
  private static final int MOST_DAYS = 30;

  /** The parameters that other fields are. */
  private static final Map<Field, String> MEANT =
      Map.of(
          InstanceField.TLS,
          TLS,
          LOGICAL_REPLICATION,
          WAL_LEVEL,
          INSIGHTS,
          QUERY_STORE,
          INSIGHTS_RETENTION,
          QUERY_STORE_DAYS);

  private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,18}(?:\\.[0-9]{1,18})?");

  private ParameterFields() {}

  static List<FieldRow<?, ServerAsItIs>> rows() {
    // The named ones first: of those that are the same but for case, the field's is sent.
    return List.of(named(), tls(), logicalReplication(), insights(), retention());
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // A specification's parameters are texts by texts.
  private static FieldRow<Map, ServerAsItIs> named() {
    return FieldRow.<Map, ServerAsItIs>of(PARAMETERS, Map.class, "configurations")
        .only(
            "Nothing else than tls, logicalReplication and insights say",
            (named, asked) -> contradiction((Map<String, String>) named, asked),
            "one of the two only")
        .only(
            "No name twice but for case",
            (named, asked) -> CaselessNames.whyNot((Map<String, String>) named),
            "one of the two only")
        .to(
            ServerParts.class,
            (parts, named, asked) -> parts.parameters().putAll((Map<String, String>) named))
        .from((there, asked) -> there(there, asked))
        .same(
            (named, actual, asked) ->
                ((Map<String, String>) named)
                    .entrySet().stream()
                        .allMatch(
                            wanted ->
                                isSame(
                                    wanted.getValue(),
                                    String.valueOf(((Map<?, ?>) actual).get(wanted.getKey())))))
        .build();
  }

  /** Those that are asked for; empty when one is not told, since the rest says nothing of it. */
  private static Optional<Map<String, String>> there(ServerAsItIs there, Asked asked) {
    Map<String, String> found = new TreeMap<>();
    for (Object name : asked.value(PARAMETERS, Map.class).orElse(Map.of()).keySet()) {
      Optional<String> value = there.parameter(name.toString());
      if (value.isEmpty()) {
        return Optional.empty();
      }
      found.put(name.toString(), value.get());
    }
    return Optional.of(found);
  }

  /** Azure shows numbers and words as it likes them. */
  private static boolean isSame(String wanted, String actual) {
    return wanted.equalsIgnoreCase(actual)
        || (NUMBER.matcher(wanted).matches()
            && NUMBER.matcher(actual).matches()
            && new BigDecimal(wanted).compareTo(new BigDecimal(actual)) == 0);
  }

  private static Optional<String> contradiction(Map<String, String> asWritten, Asked asked) {
    Map<String, String> named = CaselessNames.merged(asWritten, null);
    Map<String, String> meant = new TreeMap<>();
    asked.value(InstanceField.TLS, TlsMode.class).ifPresent(mode -> meant.put(TLS, word(mode)));
    asked
        .value(LOGICAL_REPLICATION, Boolean.class)
        .ifPresent(on -> meant.put(WAL_LEVEL, level(on)));
    asked.value(INSIGHTS, Boolean.class).ifPresent(on -> meant.put(QUERY_STORE, captured(on)));
    asked
        .value(INSIGHTS_RETENTION, Integer.class)
        .ifPresent(days -> meant.put(QUERY_STORE_DAYS, kept(days)));
    List<String> others =
        meant.entrySet().stream()
            .filter(
                entry -> {
                  String other = named.get(entry.getKey());
                  return other != null && !other.equalsIgnoreCase(entry.getValue());
                })
            .map(Map.Entry::getKey)
            .toList();
    return others.isEmpty()
        ? Optional.empty()
        : Optional.of(others + " says something else than tls, logicalReplication or insights");
  }

  private static FieldRow<TlsMode, ServerAsItIs> tls() {
    return FieldRow.<TlsMode, ServerAsItIs>of(InstanceField.TLS, TlsMode.class, TLS)
        .only(
            "Optional or required; no client certificates",
            (mode, asked) ->
                mode == TlsMode.CLIENT_CERTIFICATE
                    ? Optional.of("flexible servers check no client certificates")
                    : Optional.empty(),
            "TlsMode.REQUIRED and a password")
        .shown((mode, asked) -> word(mode))
        .to(
            ServerParts.class,
            (parts, mode, asked) -> {
              // A new server requires it by Azure's default.
              if (mode != TlsMode.REQUIRED || !(asked.specification() instanceof InstanceSpec)) {
                parts.parameters().put(TLS, word(mode));
              }
            })
        .from((there, asked) -> there.parameter(TLS))
        .same((mode, actual, asked) -> word(mode).equalsIgnoreCase(actual.toString()))
        .build();
  }

  private static String word(TlsMode mode) {
    return mode == TlsMode.OPTIONAL ? "off" : ON;
  }

  private static FieldRow<Boolean, ServerAsItIs> logicalReplication() {
    return FieldRow.<Boolean, ServerAsItIs>of(LOGICAL_REPLICATION, Boolean.class, WAL_LEVEL)
        .shown((on, asked) -> level(on))
        .to(ServerParts.class, (parts, on, asked) -> parts.parameters().put(WAL_LEVEL, level(on)))
        .from((there, asked) -> there.parameter(WAL_LEVEL))
        .same((on, actual, asked) -> level(on).equalsIgnoreCase(actual.toString()))
        .build();
  }

  private static String level(boolean logical) {
    return logical ? "logical" : "replica";
  }

  private static FieldRow<Boolean, ServerAsItIs> insights() {
    return FieldRow.<Boolean, ServerAsItIs>of(INSIGHTS, Boolean.class, QUERY_STORE)
        .shown((on, asked) -> captured(on))
        .to(
            ServerParts.class,
            (parts, on, asked) -> parts.parameters().put(QUERY_STORE, captured(on)))
        .from((there, asked) -> there.parameter(QUERY_STORE))
        // More than what is asked for is collected, too.
        .same((on, actual, asked) -> on != captured(false).equalsIgnoreCase(actual.toString()))
        .build();
  }

  private static String captured(boolean on) {
    return on ? "top" : "none";
  }

  private static FieldRow<Integer, ServerAsItIs> retention() {
    return FieldRow.<Integer, ServerAsItIs>of(INSIGHTS_RETENTION, Integer.class, QUERY_STORE_DAYS)
        .nearest(
            "1 to 30 days, by the query store",
            (days, asked) ->
                days <= MOST_DAYS
                    ? Optional.empty()
                    : Optional.of("the query store keeps 1 to 30 days"))
        .limit("retention.days.max", MOST_DAYS)
        .shown((days, asked) -> kept(days))
        .to(
            ServerParts.class,
            (parts, days, asked) -> parts.parameters().put(QUERY_STORE_DAYS, kept(days)))
        .from((there, asked) -> there.parameter(QUERY_STORE_DAYS))
        .build();
  }

  private static String kept(int days) {
    return String.valueOf(Math.min(days, MOST_DAYS));
  }

  /** The parameters that tell whether a server is as a specification says. */
  static List<String> names(Asked asked) {
    Set<String> all = new TreeSet<>();
    Map<?, ?> named = asked.value(PARAMETERS, Map.class).orElse(Map.of());
    named.keySet().forEach(name -> all.add(name.toString()));
    MEANT.forEach(
        (field, parameter) -> {
          if (asked.has(field)) {
            all.add(parameter);
          }
        });
    return List.copyOf(all);
  }
}
