/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import static io.clouddb.instance.InstanceField.ENGINE_VERSION;
import static io.clouddb.instance.InstanceField.LOGICAL_REPLICATION;
import static io.clouddb.instance.InstanceField.PARAMETERS;

import io.clouddb.instance.InstanceField;
import io.clouddb.instance.TlsMode;
import io.clouddb.spi.mapping.Asked;
import io.clouddb.spi.mapping.FieldRow;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What on RDS is a parameter of PostgreSQL: TLS, logical replication, and the parameters
 * themselves. They stand in a DB parameter group.
 */
final class ParameterFields {
  static final String FORCE_TLS = "rds.force_ssl";

  private static final String LOGICAL = "rds.logical_replication";
  private static final String PARAMETER = "DB parameter ";

  /** From here on RDS demands TLS unless told otherwise. */
  private static final int TLS_BY_DEFAULT = 15;

  private ParameterFields() {}

  static List<FieldRow<?, InstanceAsItIs>> rows() {
    return List.of(tls(), logicalReplication(), named());
  }

  /** Whether parameters let connections in without TLS, in whatever case a token names that. */
  static boolean opens(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .filter(entry -> entry.getKey().equalsIgnoreCase(FORCE_TLS))
        .anyMatch(entry -> "0".equals(entry.getValue()));
  }

  private static FieldRow<TlsMode, InstanceAsItIs> tls() {
    return FieldRow.<TlsMode, InstanceAsItIs>of(
            InstanceField.TLS, TlsMode.class, PARAMETER + FORCE_TLS)
        .only(
            "OPTIONAL and REQUIRED; no client certificates",
            (mode, asked) ->
                mode == TlsMode.CLIENT_CERTIFICATE
                    ? Optional.of("RDS does not check client certificates")
                    : Optional.empty(),
            "TlsMode.REQUIRED, with passwords or IAM database authentication")
        .shown(
            (mode, asked) ->
                isDefault(mode, asked) ? word(mode) + ", as in the default group" : word(mode))
        .to(
            GroupParameters.class,
            (parameters, mode, asked) -> {
              if (!isDefault(mode, asked)) {
                parameters.set(FORCE_TLS, word(mode));
              }
            })
        .from((there, asked) -> there.parameter(FORCE_TLS))
        .same((mode, actual, asked) -> word(mode).equals(actual))
        .build();
  }

  private static String word(TlsMode mode) {
    return mode == TlsMode.OPTIONAL ? "0" : "1";
  }

  /** The version of a change is not known: the parameter is set in any case. */
  private static boolean isDefault(TlsMode mode, Asked asked) {
    return asked
        .value(ENGINE_VERSION, String.class)
        .map(EngineFields::major)
        .filter(major -> (major >= TLS_BY_DEFAULT) == (mode != TlsMode.OPTIONAL))
        .isPresent();
  }

  private static FieldRow<Boolean, InstanceAsItIs> logicalReplication() {
    return FieldRow.<Boolean, InstanceAsItIs>of(
            LOGICAL_REPLICATION, Boolean.class, PARAMETER + LOGICAL)
        .shown((on, asked) -> on ? "1" : "0")
        .to(
            GroupParameters.class,
            (parameters, on, asked) -> parameters.set(LOGICAL, on ? "1" : "0"))
        .from((there, asked) -> there.parameter(LOGICAL))
        .build();
  }

  /** The caller's own; those that RDS derives from its own ones are refused. */
  private static FieldRow<Map<String, String>, InstanceAsItIs> named() {
    return FieldRow.<Map<String, String>, InstanceAsItIs>of(
            PARAMETERS, Texts.TYPE, "DB parameter group")
        .only(
            "Those of the DB parameter group without own fields",
            (parameters, asked) ->
                withOwnField(parameters).map(name -> name + " has a field of its own"),
            (parameters, asked) ->
                withOwnField(parameters).flatMap(ParameterFields::field).orElse(""))
        .to(GroupParameters.class, (group, parameters, asked) -> group.set(parameters))
        .from((there, asked) -> there(there, asked))
        .build();
  }

  private static Optional<String> withOwnField(Map<String, String> parameters) {
    return parameters.keySet().stream().filter(name -> field(name).isPresent()).findFirst();
  }

  private static Optional<String> field(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "wal_level", LOGICAL -> Optional.of("logicalReplication(true)");
      case "ssl", FORCE_TLS -> Optional.of("tls(TlsMode.REQUIRED) or tls(TlsMode.OPTIONAL)");
      default -> Optional.empty();
    };
  }

  /** Those that are asked for; empty when one is not told, since the rest says nothing of it. */
  private static Optional<Map<String, String>> there(InstanceAsItIs there, Asked asked) {
    Map<String, String> found = new TreeMap<>();
    for (String name : asked.value(PARAMETERS, Texts.TYPE).orElse(Map.of()).keySet()) {
      there.parameter(name).ifPresent(value -> found.put(name, value));
    }
    return Optional.of(found).filter(all -> all.size() == asked(asked));
  }

  private static int asked(Asked asked) {
    return asked.value(PARAMETERS, Texts.TYPE).map(Map::size).orElse(0);
  }

  /** The parameters that tell whether an instance is as a specification says. */
  static Set<String> names(Asked asked) {
    Set<String> all =
        new TreeSet<>(asked.value(PARAMETERS, Texts.TYPE).map(Map::keySet).orElse(Set.of()));
    if (asked.has(InstanceField.TLS)) {
      all.add(FORCE_TLS);
    }
    if (asked.has(LOGICAL_REPLICATION)) {
      all.add(LOGICAL);
    }
    return all;
  }
}
