/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.preflight;

import io.clouddb.migration.postgres.catalog.CatalogQuery;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

/**
 * Whether the source can send its changes: settings, free slots and senders, and the rights, which
 * are tried out (a cloud's admin may replicate without the flag that PostgreSQL has for it).
 */
final class ReplicationCheck {
  private static final String QUERY_CANCELED = "57014";

  private final Side source;
  private final PreflightOptions options;
  private final Findings findings;

  ReplicationCheck(Side source, PreflightOptions options, Findings findings) {
    this.source = source;
    this.options = options;
    this.findings = findings;
  }

  void run() throws SQLException {
    boolean logical = walLevel();
    boolean freeSlots = slots();
    boolean freeSenders = senders();
    retainedWal();
    publication();
    if (freeSlots && freeSenders) {
      replicate(logical);
    }
  }

  private boolean walLevel() throws SQLException {
    String level = source.value("SELECT current_setting('wal_level')");
    if (level.equals("logical")) {
      return true;
    }
    findings.error(
        "source.wal-level",
        "wal_level",
        "wal_level is " + level + ", so the source does not log changes in a form to be sent.",
        source.place().enableLogicalReplication());
    return false;
  }

  private boolean slots() throws SQLException {
    return enough(
        "source.replication-slots",
        "max_replication_slots",
        "replication slots",
        source.value("SELECT count(*) FROM pg_replication_slots"));
  }

  private boolean senders() throws SQLException {
    return enough(
        "source.wal-senders",
        "max_wal_senders",
        "WAL senders",
        source.value("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'walsender'"));
  }

  private boolean enough(String code, String setting, String what, String used)
      throws SQLException {
    int limit = Integer.parseInt(source.value("SELECT current_setting(?)", setting));
    int inUse = Integer.parseInt(used);
    if (limit - inUse >= options.replicationSlots()) {
      return true;
    }
    findings.error(
        code,
        setting,
        inUse
            + " of "
            + limit
            + " "
            + what
            + " are in use; the migration needs "
            + options.replicationSlots()
            + " free ones.",
        source.place().set(setting, Integer.toString(inUse + options.replicationSlots()))
            + " Or drop slots that nobody uses.");
    return false;
  }

  private void retainedWal() throws SQLException {
    String limit = source.value("SELECT current_setting('max_slot_wal_keep_size')");
    if (limit.equals("-1")) {
      findings.info(
          "source.retained-wal",
          "max_slot_wal_keep_size",
          "The source keeps all WAL that was not yet received.",
          "Watch its free disk space when the migration is stopped for long.");
    } else {
      findings.warning(
          "source.retained-wal",
          "max_slot_wal_keep_size",
          "The source drops WAL beyond " + limit + ", received or not; the migration fails then.",
          "Raise max_slot_wal_keep_size above what is written while the tables are copied.");
    }
  }

  private void publication() throws SQLException {
    String name = "clouddb_preflight_" + UUID.randomUUID().toString().replace('-', '_');
    Connection connection = source.connection();
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE PUBLICATION " + name);
    } catch (SQLException e) {
      findings.error(
          "source.publication",
          source.details().database(),
          "A publication cannot be created: " + e.getMessage(),
          "As the owner of the database: GRANT CREATE ON DATABASE "
              + TableName.quote(source.details().database())
              + " TO "
              + source.quotedUser()
              + ".");
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  private void replicate(boolean logical) {
    ConnectionDetails details =
        source.details().toBuilder()
            .parameter("replication", "database")
            .parameter("assumeMinServerVersion", "14")
            .parameter("preferQueryMode", "simple")
            .build();
    try (Connection connection = details.connect();
        Statement statement = connection.createStatement()) {
      try (ResultSet system = statement.executeQuery("IDENTIFY_SYSTEM")) {
        system.next();
      }
      if (logical) {
        slot(statement);
      }
    } catch (SQLException e) {
      findings.error(
          "source.replication",
          source.details().user(),
          "A replication connection is refused: " + e.getMessage(),
          source.place().allowReplication(source.quotedUser()));
    }
  }

  /** A slot waits for all transactions that write at that moment. */
  private void slot(Statement statement) throws SQLException {
    String name = "clouddb_preflight_" + UUID.randomUUID().toString().replace("-", "");
    statement.setQueryTimeout((int) Math.max(1, options.patience().toSeconds()));
    try {
      statement.execute(
          "CREATE_REPLICATION_SLOT " + name + " TEMPORARY LOGICAL pgoutput NOEXPORT_SNAPSHOT");
      statement.execute("DROP_REPLICATION_SLOT " + name);
    } catch (SQLException e) {
      if (QUERY_CANCELED.equals(e.getSQLState())) {
        findings.warning(
            "source.long-transactions",
            "pg_stat_activity",
            "A replication slot could not be created within "
                + options.patience().toSeconds()
                + " s: it waits for transactions that write. "
                + longest(),
            "End long transactions before the migration begins.");
      } else {
        findings.error(
            "source.replication-slot",
            source.details().user(),
            "A logical replication slot cannot be created: " + e.getMessage(),
            source.place().allowReplication(source.quotedUser()));
      }
    }
  }

  private String longest() throws SQLException {
    return String.join(
        " ",
        CatalogQuery.list(
            source.connection(),
            "SELECT format('Process %s has had one open for %s s.', pid,"
                + " extract(epoch FROM now() - xact_start)::bigint)"
                + " FROM pg_stat_activity WHERE backend_xid IS NOT NULL"
                + " ORDER BY xact_start LIMIT 3",
            row -> row.getString(1)));
  }
}
