/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.server;

import io.clouddb.testkit.simulator.engine.SimulatorException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a cloud's PostgreSQL differs from one's own: who the admin is, and what the parameters are
 * called. No cloud's admin is a superuser.
 *
 * <p>Where a stock server cannot do what the cloud's patched one does, this differs from the real
 * cloud:
 *
 * <ul>
 *   <li>The admin has the attribute REPLICATION. On RDS a role needs membership in {@code
 *       rds_replication} instead, on Cloud SQL the admin must give the attribute to itself, which
 *       on a stock server before 16 only a superuser can do.
 *   <li>On RDS the admin may set {@code session_replication_role}: here from PostgreSQL 15 on, for
 *       14 has no such grant.
 *   <li>The log that a server keeps ({@code wal_keep_size}) is all of it, whatever is set: backups
 *       are made of it.
 *   <li>Extensions: those that PostgreSQL marks as trusted. The clouds allow some more.
 * </ul>
 */
public enum CloudProfile {
  /** Amazon RDS for PostgreSQL. */
  RDS("rdsadmin", "rds_superuser", "rdsrepladmin"),
  /** Azure Database for PostgreSQL, flexible server. */
  AZURE("azuresu", "azure_pg_admin", "replication"),
  /** Google Cloud SQL for PostgreSQL. */
  CLOUD_SQL("cloudsqladmin", "cloudsqlsuperuser", "cloudsqlreplica");

  private final String superuser;
  private final String adminGroup;
  private final String replicationRole;

  CloudProfile(String superuser, String adminGroup, String replicationRole) {
    this.superuser = superuser;
    this.adminGroup = adminGroup;
    this.replicationRole = replicationRole;
  }

  /** The cloud's own superuser, whom no customer can be. */
  String superuser() {
    return superuser;
  }

  /** The cloud's own role as which replicas come to their source; there from the first one on. */
  String replicationRole() {
    return replicationRole;
  }

  /**
   * Whether a replica whose sizes are below its source's starts with the source's. The RDS User
   * Guide, <em>Read replica configuration with PostgreSQL</em>: "Amazon RDS overrides any
   * incompatible parameters on a read replica if it prevents the read replica from starting. For
   * example, suppose that the max_connections parameter value is higher on the source DB instance
   * than on the read replica."
   */
  boolean raisesReplicas() {
    return this == RDS;
  }

  /**
   * The role whose members are the admins.
   *
   * @return for example {@code rds_superuser}
   */
  public String adminGroup() {
    return adminGroup;
  }

  /** Roles that the admin group is a member of. */
  List<String> furtherGroups() {
    return this == RDS ? List.of("rds_password", "rds_replication") : List.of();
  }

  /** Whether an admin may set {@code session_replication_role}. */
  boolean mayReplicaRole() {
    return this == RDS;
  }

  /**
   * Whether an instance refuses connections without TLS unless it is told otherwise.
   *
   * @param version PostgreSQL's major version
   * @return true on Azure, and on RDS from PostgreSQL 15 on
   */
  public boolean tlsOnlyByDefault(int version) {
    return switch (this) {
      case RDS -> version >= 15;
      case AZURE -> true;
      case CLOUD_SQL -> false;
    };
  }

  /**
   * The parameter that turns logical replication on, after a restart.
   *
   * @return its name
   */
  public String logicalReplicationParameter() {
    return switch (this) {
      case RDS -> "rds.logical_replication";
      case AZURE -> "wal_level";
      case CLOUD_SQL -> "cloudsql.logical_decoding";
    };
  }

  /**
   * Tells whether customers may set a parameter of the server.
   *
   * @param parameter its name in PostgreSQL
   * @return false for what the cloud sets itself
   */
  public boolean isModifiable(String parameter) {
    return ParameterList.of(this).has(parameter);
  }

  /** The server's own parameters that customers may set, in lower case. */
  Set<String> modifiable() {
    return ParameterList.of(this).names();
  }

  /**
   * Reads one parameter in the cloud's own words.
   *
   * @throws SimulatorException when the cloud does not let its customers set it
   */
  CloudParameter read(String name, String value) {
    String lower = name.toLowerCase(Locale.ROOT);
    ParameterList.check(lower, value);
    Optional<CloudParameter> own =
        switch (this) {
          case RDS -> readRds(lower, value);
          case AZURE -> readAzure(lower, value);
          case CLOUD_SQL -> readCloudSql(lower, value);
        };
    if (own.isPresent()) {
      return own.get();
    }
    if (!ParameterList.of(this).has(lower)) {
      throw invalid(
          lower.equals("wal_level")
              ? "The parameter wal_level cannot be modified: set " + logicalReplicationParameter()
              : "The parameter " + name + " does not exist or cannot be modified");
    }
    return CloudParameter.ofServer(lower, value);
  }

  private static Optional<CloudParameter> readRds(String name, String value) {
    return switch (name) {
      case "rds.logical_replication" -> Optional.of(logical(name, value, oneOf(name, value)));
      case "rds.force_ssl" -> Optional.of(CloudParameter.ofTls(name, value, oneOf(name, value)));
      default -> Optional.empty();
    };
  }

  private static Optional<CloudParameter> readAzure(String name, String value) {
    return switch (name) {
      case "require_secure_transport" ->
          Optional.of(CloudParameter.ofTls(name, value, onOff(name, value)));
      case "azure.extensions" -> Optional.of(CloudParameter.ofCloud(name, value, Map.of()));
      case "wal_level" -> {
        if (!value.equalsIgnoreCase("replica") && !value.equalsIgnoreCase("logical")) {
          throw invalid("The parameter wal_level is replica or logical, not '" + value + "'");
        }
        yield Optional.empty();
      }
      default -> Optional.empty();
    };
  }

  private static Optional<CloudParameter> readCloudSql(String name, String value) {
    return name.equals("cloudsql.logical_decoding")
        ? Optional.of(logical(name, value, onOff(name, value)))
        : Optional.empty();
  }

  private static CloudParameter logical(String name, String value, boolean on) {
    // The cloud's own parameter is shown by the server, too: preflights look at it.
    return CloudParameter.ofCloud(
        name, value, Map.of(name, value, "wal_level", on ? "logical" : "replica"));
  }

  private static boolean oneOf(String name, String value) {
    if (!value.equals("0") && !value.equals("1")) {
      throw invalid("The parameter " + name + " is 0 or 1, not '" + value + "'");
    }
    return value.equals("1");
  }

  private static boolean onOff(String name, String value) {
    if (!value.equalsIgnoreCase("on") && !value.equalsIgnoreCase("off")) {
      throw invalid("The parameter " + name + " is on or off, not '" + value + "'");
    }
    return value.equalsIgnoreCase("on");
  }

  private static SimulatorException invalid(String message) {
    return new SimulatorException(SimulatorException.Reason.INVALID_PARAMETER, message);
  }
}
