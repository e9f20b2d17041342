/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.quickstart.ledger;

import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.postgresql.PGConnection;

/**
 * Looks every write of a ledger up in a database. It looks twice: for the row that each transaction
 * added to {@code shop.writes}, and for what the transaction was there to do.
 */
public final class LedgerCheck {
  private static final int BATCH = 10_000;

  private static final String ENTRIES =
      "CREATE TEMPORARY TABLE entry (id uuid PRIMARY KEY, kind text NOT NULL, subject text NOT"
          + " NULL, amount integer NOT NULL, outcome text NOT NULL, position bigint NOT NULL)";

  /** Every entry with how often it is there. */
  private static final String FOUND =
      "CREATE TEMPORARY TABLE found AS SELECT e.*, count(w.write_id) AS times FROM entry e LEFT"
          + " JOIN shop.writes w ON w.write_id = e.id GROUP BY e.id";

  private static final String COUNTS =
      "SELECT count(*) FILTER (WHERE outcome = 'ACKNOWLEDGED'),"
          + " count(*) FILTER (WHERE outcome = 'ACKNOWLEDGED' AND times = 0),"
          + " count(*) FILTER (WHERE times > 1 OR outcome = 'ROLLED_BACK' AND times > 0),"
          + " count(*) FILTER (WHERE outcome = 'IN_DOUBT'),"
          + " count(*) FILTER (WHERE outcome = 'IN_DOUBT' AND times > 0) FROM found";

  /** Orders that are placed and not cancelled again: the order and all its lines, once. */
  private static final String ORDERS =
      "SELECT count(*) FILTER (WHERE orders < 1 OR lines < amount OR total < sum), count(*) FILTER"
          + " (WHERE orders > 1 OR lines > amount OR total > sum) FROM (SELECT p.id,"
          + " p.amount, count(DISTINCT o.id) AS orders, count(l.line) AS lines, max(o.total) AS"
          + " total, sum(l.amount) AS sum FROM found p LEFT JOIN shop.orders o ON o.placed_by ="
          + " p.id LEFT JOIN shop.order_lines l ON l.order_id = o.id WHERE p.kind = 'PLACE_ORDER'"
          + " AND p.times = 1 AND NOT EXISTS (SELECT FROM found c WHERE c.kind = 'CANCEL_ORDER' AND"
          + " c.times > 0 AND c.subject = p.id::text) GROUP BY p.id, p.amount) AS placed";

  private static final String CANCELLATIONS =
      "SELECT count(*), 0 FROM found c JOIN shop.orders o ON o.placed_by = c.subject::uuid"
          + " WHERE c.kind = 'CANCEL_ORDER' AND c.times = 1";

  /** A product sold twice by one write, or not at all, shows in its counter. */
  private static final String SALES =
      "SELECT coalesce(sum(greatest(s.times - p.sold, 0)), 0), coalesce(sum(greatest(p.sold -"
          + " s.times, 0)), 0) FROM (SELECT subject::bigint AS id, count(*) FILTER (WHERE times ="
          + " 1) AS times, bool_or(times > 1) AS known FROM found WHERE kind = 'SELL_PRODUCT' GROUP"
          + " BY subject) AS s JOIN shop.products p USING (id) WHERE NOT s.known";

  /** The last write to each customer's profile has to stand in it. */
  private static final String PROFILES =
      "SELECT count(*) FILTER (WHERE c.profile ->> 'lastWrite' IS DISTINCT FROM last.id::text), 0"
          + " FROM (SELECT DISTINCT ON (subject) id, subject FROM found WHERE kind ="
          + " 'UPDATE_PROFILE' AND times = 1 ORDER BY subject, position DESC) AS last LEFT JOIN"
          + " shop.customers c ON c.id = last.subject::bigint";

  private static final String UNKNOWN =
      "SELECT 0, count(*) FROM shop.writes w WHERE NOT EXISTS (SELECT FROM entry e WHERE e.id ="
          + " w.write_id)";

  private LedgerCheck() {}

  /**
   * Looks the writes up.
   *
   * @param connection to the database that the application ended up on
   * @param entries all that the application noted
   * @return what became of them
   * @throws SQLException when the database cannot be asked
   * @throws IOException when the entries cannot be sent to it
   */
  public static LedgerResult check(Connection connection, List<LedgerEntry> entries)
      throws SQLException, IOException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(ENTRIES);
      copy(connection, entries);
      statement.execute("ANALYZE entry");
      statement.execute(FOUND);
      statement.execute("ANALYZE found");
      long lost = 0;
      long duplicated = 0;
      for (String effects : List.of(ORDERS, CANCELLATIONS, SALES, PROFILES, UNKNOWN)) {
        try (ResultSet row = statement.executeQuery(effects)) {
          row.next();
          lost += row.getLong(1);
          duplicated += row.getLong(2);
        }
      }
      try (ResultSet row = statement.executeQuery(COUNTS)) {
        row.next();
        return new LedgerResult(
            row.getLong(1),
            row.getLong(2) + lost,
            row.getLong(3) + duplicated,
            row.getLong(4),
            row.getLong(5));
      } finally {
        statement.execute("DROP TABLE found, entry");
      }
    }
  }

  private static void copy(Connection connection, List<LedgerEntry> entries)
      throws SQLException, IOException {
    StringBuilder text = new StringBuilder();
    long position = 0;
    for (LedgerEntry entry : entries) {
      // No value has a tab, a line break or a backslash in it.
      text.append(entry.id())
          .append('\t')
          .append(entry.kind())
          .append('\t')
          .append(entry.subject())
          .append('\t')
          .append(entry.amount())
          .append('\t')
          .append(entry.outcome())
          .append('\t')
          .append(position++)
          .append('\n');
      if (position % BATCH == 0) {
        send(connection, text);
      }
    }
    send(connection, text);
  }

  private static void send(Connection connection, StringBuilder text)
      throws SQLException, IOException {
    connection
        .unwrap(PGConnection.class)
        .getCopyAPI()
        .copyIn("COPY entry FROM STDIN", new StringReader(text.toString()));
    text.setLength(0);
  }
}
