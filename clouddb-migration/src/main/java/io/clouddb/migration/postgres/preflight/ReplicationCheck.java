/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.preflight;

import io.clouddb.migration.postgres.catalog.CatalogQuery;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.stream.PinnedSession;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Whether a side can send its changes, the source, or with reverse replication the target too:
 * settings, free slots and senders, and the rights, which are tried out (a cloud's admin may
 * replicate without the flag that PostgreSQL has for it).
 */
final class ReplicationCheck {
  private static final String QUERY_CANCELED = "57014";
  private static final String PLUGIN_LIBRARIES = "output_plugin_libraries";
  private static final int IDLE_TIMEOUT_SINCE = 18;

  private final Side side;
  private final PreflightOptions options;
  private final Findings findings;

  ReplicationCheck(Side side, PreflightOptions options, Findings findings) {
    this.side = side;
    this.options = options;
    this.findings = findings;
  }

  void run() throws SQLException {
    boolean logical = walLevel();
    boolean freeSlots = slots();
    boolean freeSenders = senders();
    retainedWal();
    idleSlots();
    publication();
    if (freeSlots && freeSenders) {
      replicate(logical);
    }
  }

  private boolean walLevel() throws SQLException {
    String level = side.value("SELECT pg_catalog.current_setting('wal_level')");
    if (level.equals("logical")) {
      return true;
    }
    findings.error(
        side.label() + ".wal-level",
        "wal_level",
        "wal_level is "
            + level
            + ", so the "
            + side.label()
            + " does not log changes in a form to be sent.",
        side.place().enableLogicalReplication());
    return false;
  }

  private boolean slots() throws SQLException {
    return enough(
        side.label() + ".replication-slots",
        "max_replication_slots",
        "replication slots",
        side.value("SELECT pg_catalog.count(*) FROM pg_catalog.pg_replication_slots"));
  }

  private boolean senders() throws SQLException {
    return enough(
        side.label() + ".wal-senders",
        "max_wal_senders",
        "WAL senders",
        side.value(
            "SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_activity"
                + " WHERE backend_type = 'walsender'"));
  }

  private boolean enough(String code, String setting, String what, String used)
      throws SQLException {
    int limit = Integer.parseInt(side.value("SELECT pg_catalog.current_setting(?)", setting));
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
        side.place().set(setting, Integer.toString(inUse + options.replicationSlots()))
            + " Or drop slots that nobody uses.");
    return false;
  }

  private void retainedWal() throws SQLException {
    String limit = side.value("SELECT pg_catalog.current_setting('max_slot_wal_keep_size')");
    if (limit.equals("-1")) {
      findings.info(
          side.label() + ".retained-wal",
          "max_slot_wal_keep_size",
          "The " + side.label() + " keeps all WAL that was not yet received.",
          "Watch its free disk space when the migration is stopped for long.");
    } else {
      findings.warning(
          side.label() + ".retained-wal",
          "max_slot_wal_keep_size",
          "The "
              + side.label()
              + " drops WAL beyond "
              + limit
              + ", received or not; the migration fails then.",
          "Raise max_slot_wal_keep_size above what is written while the tables are copied.");
    }
  }

  /** A slot is read while changes are applied only: not during the copy, nor between two runs. */
  private void idleSlots() throws SQLException {
    if (side.version() < IDLE_TIMEOUT_SINCE) {
      return;
    }
    String limit = side.value("SELECT pg_catalog.current_setting('idle_replication_slot_timeout')");
    if (!limit.equals("0")) {
      findings.warning(
          side.label() + ".idle-slots",
          "idle_replication_slot_timeout",
          "The "
              + side.label()
              + " gives up a replication slot that nobody has read for "
              + limit
              + ". The migration's is not read while no run is under way"
              + (side.role() == Side.Role.SOURCE ? ", nor while the tables are copied" : "")
              + "; the migration fails then.",
          side.place().reload("idle_replication_slot_timeout", "0")
              + " Or to more than the longest time for which it may stand still.");
    }
  }

  private void publication() throws SQLException {
    String name = "clouddb_preflight_" + UUID.randomUUID().toString().replace('-', '_');
    Connection connection = side.connection();
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE PUBLICATION " + name);
    } catch (SQLException e) {
      findings.error(
          side.label() + ".publication",
          side.details().database(),
          "A publication cannot be created: " + e.getMessage(),
          "As the owner of the database: GRANT CREATE ON DATABASE "
              + TableName.quote(side.details().database())
              + " TO "
              + side.quotedUser()
              + ".");
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  private void replicate(boolean logical) {
    // Pinned: a lock timeout that the role has by itself would end the slot's wait for writers.
    try (Connection connection = PinnedSession.openReplication(side.details(), "preflight");
        Statement statement = connection.createStatement()) {
      try (ResultSet system = statement.executeQuery("IDENTIFY_SYSTEM")) {
        system.next();
      }
      if (logical) {
        slot(statement);
      }
    } catch (SQLException e) {
      findings.error(
          side.label() + ".replication",
          side.details().user(),
          "A replication connection is refused: " + e.getMessage(),
          side.place().allowReplication(side.quotedUser()));
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
            side.label() + ".long-transactions",
            "pg_stat_activity",
            "A replication slot could not be created within "
                + options.patience().toSeconds()
                + " s: it waits for transactions that write. "
                + longest(),
            "End long transactions before the migration begins.");
      } else if (isAboutPlugins(e)) {
        findings.error(
            side.label() + ".output-plugin",
            PLUGIN_LIBRARIES,
            "The "
                + side.label()
                + " does not let changes be sent by its own plugin: "
                + e.getMessage(),
            "As an administrator, add pgoutput to "
                + PLUGIN_LIBRARIES
                + ", and have the server read its settings again.");
      } else {
        findings.error(
            side.label() + ".replication-slot",
            side.details().user(),
            "A logical replication slot cannot be created: " + e.getMessage(),
            side.place().allowReplication(side.quotedUser()));
      }
    }
  }

  /**
   * From 15.19, and its like of other versions, on a server has a list of the plugins that it
   * allows. Only an administrator can read it, but the hint of the refusal names it.
   */
  private static boolean isAboutPlugins(SQLException e) {
    @Nullable ServerErrorMessage message =
        e instanceof PSQLException refused ? refused.getServerErrorMessage() : null;
    @Nullable String hint = message == null ? null : message.getHint();
    return hint != null && hint.contains(PLUGIN_LIBRARIES);
  }

  private String longest() throws SQLException {
    return String.join(
        " ",
        CatalogQuery.list(
            side.connection(),
            "SELECT pg_catalog.format('Process %s has had one open for %s s.', pid,"
                + " extract(epoch FROM pg_catalog.now() - xact_start)::bigint)"
                + " FROM pg_catalog.pg_stat_activity WHERE backend_xid IS NOT NULL"
                + " ORDER BY xact_start LIMIT 3",
            row -> row.getString(1)));
  }
}
