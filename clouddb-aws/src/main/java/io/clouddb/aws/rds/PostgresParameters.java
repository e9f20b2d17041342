/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.instance.InstanceField;
import io.clouddb.instance.TlsMode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What on RDS is a parameter of PostgreSQL: TLS, logical replication, and the parameters
 * themselves. They stand in a DB parameter group.
 */
final class PostgresParameters {
  static final String FORCE_TLS = "rds.force_ssl";
  static final String LOGICAL_REPLICATION = "rds.logical_replication";

  /** From here on RDS demands TLS unless told otherwise. */
  private static final int TLS_BY_DEFAULT = 15;

  private final FieldMapping<?> fields;

  PostgresParameters(FieldMapping<?> fields) {
    this.fields = fields;
  }

  /**
   * Maps the demand for TLS.
   *
   * @param mode the mode
   * @param major PostgreSQL's major version; null when it is not known, as for a change, and the
   *     parameter is set in any case
   */
  void tls(TlsMode mode, @Nullable Integer major) {
    if (mode == TlsMode.CLIENT_CERTIFICATE) {
      fields.refuse(
          InstanceField.TLS,
          "RDS does not check client certificates",
          "TlsMode.REQUIRED, with passwords or IAM database authentication");
      return;
    }
    boolean forced = mode == TlsMode.REQUIRED;
    String value = forced ? "1" : "0";
    if (major != null && (major >= TLS_BY_DEFAULT) == forced) {
      fields.honoured(
          InstanceField.TLS, "DB parameter " + FORCE_TLS, value + ", as in the default group");
    } else {
      fields.parameter(InstanceField.TLS, FORCE_TLS, value);
    }
  }

  void logicalReplication(boolean on) {
    fields.parameter(InstanceField.LOGICAL_REPLICATION, LOGICAL_REPLICATION, on ? "1" : "0");
  }

  /** The caller's own; those that RDS derives from its own ones are refused. */
  void named(Map<String, String> parameters) {
    if (parameters.isEmpty()) {
      return;
    }
    for (String name : parameters.keySet()) {
      String instead =
          switch (name) {
            case "wal_level", LOGICAL_REPLICATION -> "logicalReplication(true)";
            case "ssl", FORCE_TLS -> "tls(TlsMode.REQUIRED) or tls(TlsMode.OPTIONAL)";
            default -> null;
          };
      if (instead != null) {
        fields.refuse(InstanceField.PARAMETERS, name + " has a field of its own", instead);
        return;
      }
    }
    fields.honoured(InstanceField.PARAMETERS, "DB parameter group", parameters);
    parameters.forEach(fields::parameter);
  }
}
