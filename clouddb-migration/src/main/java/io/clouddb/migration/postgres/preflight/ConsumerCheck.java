/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.preflight;

import static io.clouddb.migration.postgres.catalog.CatalogQuery.list;

import java.sql.SQLException;

/** Who else reads the source's changes or writes to it, and would not move with the application. */
final class ConsumerCheck {
  private static final String SLOTS =
      """
      SELECT slot_name, CASE WHEN active THEN 'is in use' ELSE 'is not in use' END AS state
      FROM pg_catalog.pg_replication_slots
      WHERE NOT temporary AND (database IS NULL OR database = pg_catalog.current_database())
      ORDER BY slot_name
      """;

  private static final String SUBSCRIPTIONS =
      """
      SELECT s.subname
      FROM pg_catalog.pg_subscription s
      JOIN pg_catalog.pg_database d ON d.oid = s.subdbid
      WHERE d.datname = pg_catalog.current_database()
      ORDER BY s.subname
      """;

  private static final String PUBLICATIONS =
      """
      SELECT pubname FROM pg_catalog.pg_publication WHERE pubname NOT LIKE 'clouddb\\_%'
        ORDER BY pubname
      """;

  private static final String PREPARED =
      """
      SELECT gid, extract(epoch FROM pg_catalog.now() - prepared)::bigint AS seconds
      FROM pg_catalog.pg_prepared_xacts WHERE database = pg_catalog.current_database()
      ORDER BY gid
      """;

  private final Side source;
  private final Findings findings;

  ConsumerCheck(Side source, Findings findings) {
    this.source = source;
    this.findings = findings;
  }

  void run() throws SQLException {
    list(
        source.connection(),
        SLOTS,
        row -> {
          findings.warning(
              "source.other-slot",
              row.getString("slot_name"),
              "A replication slot of someone else's "
                  + row.getString("state")
                  + "; who reads it will not see what is written to the target.",
              "Connect its consumer to the target after the cutover, or drop it.");
          return row.getRow();
        });
    list(
        source.connection(),
        PUBLICATIONS,
        row -> {
          findings.warning(
              "source.other-publication",
              row.getString("pubname"),
              "A publication of someone else's is not carried.",
              "Create it on the target, for whoever subscribes to it.");
          return row.getRow();
        });
    list(
        source.connection(),
        SUBSCRIPTIONS,
        row -> {
          findings.warning(
              "source.subscription",
              row.getString("subname"),
              "A subscription writes into the source. The fence of the cutover refuses its changes:"
                  + " its apply worker fails and tries again, and the publisher keeps its log for"
                  + " it, so nothing is lost, and nothing more comes.",
              "Wait until it has caught up, ALTER SUBSCRIPTION ... DISABLE it right before the"
                  + " cutover, and let the target subscribe instead, from the same slot"
                  + " (create_slot = false).");
          return row.getRow();
        });
    list(
        source.connection(),
        PREPARED,
        row -> {
          findings.warning(
              "source.prepared-transaction",
              row.getString("gid"),
              "A transaction has been prepared for "
                  + row.getLong("seconds")
                  + " s; neither the slot nor the cutover can pass it.",
              "COMMIT PREPARED or ROLLBACK PREPARED it.");
          return row.getRow();
        });
    signals();
  }

  private void signals() throws SQLException {
    String may =
        source.value(
            "SELECT pg_catalog.pg_has_role('pg_signal_backend', 'USAGE')"
                + " OR (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user)");
    if (!may.equals("t")) {
      findings.info(
          "source.signal-backend",
          source.details().user(),
          "The role may not end sessions of other roles. The fence refuses their writes all the"
              + " same, and waits for transactions that are open.",
          "GRANT pg_signal_backend TO " + source.quotedUser() + " to be able to end them.");
    }
  }
}
