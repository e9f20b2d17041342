/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.preflight;

import io.clouddb.error.CloudDbException;
import io.clouddb.migration.postgres.catalog.CatalogQuery;
import io.clouddb.migration.postgres.catalog.CatalogSession;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One of the two databases, connected. */
final class Side implements AutoCloseable {
  /** Which of the two. */
  enum Role {
    SOURCE,
    TARGET;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(Side.class);

  private final Role role;
  private final ConnectionDetails details;
  private final Connection connection;
  private final int version;
  private final Place place;

  private Side(Role role, ConnectionDetails details, Connection connection) throws SQLException {
    this.role = role;
    this.details = details;
    this.connection = connection;
    this.version = CatalogQuery.majorVersion(connection);
    this.place = Place.of(connection);
  }

  /** Connects; where that fails, the finding says how. */
  static Optional<Side> connect(
      Role role, ConnectionDetails details, Duration patience, Findings findings) {
    try {
      ConnectionDetails hurried =
          details.toBuilder()
              .parameter("connectTimeout", Long.toString(Math.max(1, patience.toSeconds())))
              .parameter("loginTimeout", Long.toString(Math.max(1, patience.toSeconds())))
              .build();
      Connection connection = CatalogSession.open(hurried);
      try {
        return Optional.of(new Side(role, details, connection));
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      refused(role, details, e, findings);
    } catch (CloudDbException e) {
      findings.error(
          role.label() + ".password-missing",
          role.label(),
          "The password for the " + role.label() + " cannot be read: " + e.getMessage(),
          "Put the secret where its reference points to.");
    }
    return Optional.empty();
  }

  private static void refused(
      Role role, ConnectionDetails details, SQLException e, Findings findings) {
    String side = role.label();
    String state = String.valueOf(e.getSQLState());
    String where = "The " + side + " " + details.address();
    if (state.equals("28P01") || (state.equals("28000") && !message(e).contains("pg_hba"))) {
      findings.error(
          side + ".authentication",
          side,
          where + " refuses the password of " + details.user() + ", or does not know that role.",
          "Check the role and its password for the " + side + ".");
    } else if (state.startsWith("28")) {
      findings.error(
          side + ".access",
          side,
          where + " does not let " + details.user() + " in: " + message(e),
          "Allow the address that the migration runs at, with the TLS mode that it uses.");
    } else if (state.equals("3D000")) {
      findings.error(
          side + ".database-missing",
          side,
          where + ": the server has no database " + details.database() + ".",
          "Create the database, or name another one.");
    } else if (state.equals("42704")) {
      findings.error(
          side + ".version",
          side,
          where + " is older than PostgreSQL 14: " + message(e),
          "Migrations run from and to PostgreSQL 14 to 18: upgrade it first.");
    } else if (state.equals("53300")) {
      findings.error(
          side + ".connections",
          side,
          where + " has no connection left.",
          "Close idle connections, or raise max_connections.");
    } else {
      findings.error(
          side + ".unreachable",
          side,
          where + " cannot be reached: " + message(e),
          "Check host, port, firewall and whether the server runs.");
    }
  }

  private static String message(SQLException e) {
    return String.valueOf(e.getMessage());
  }

  Role role() {
    return role;
  }

  String label() {
    return role.label();
  }

  ConnectionDetails details() {
    return details;
  }

  Connection connection() {
    return connection;
  }

  int version() {
    return version;
  }

  Place place() {
    return place;
  }

  String quotedUser() {
    return TableName.quote(details.user());
  }

  /** The one value of a query that has one row with one column. */
  String value(String sql, Object... parameters) throws SQLException {
    List<String> values =
        CatalogQuery.list(connection, sql, row -> String.valueOf(row.getString(1)), parameters);
    return values.get(0);
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      // A connection that cannot be closed is as good as closed, and preflight has its answers.
      LOG.debug("Closing the {} failed", label(), e);
    }
  }
}
