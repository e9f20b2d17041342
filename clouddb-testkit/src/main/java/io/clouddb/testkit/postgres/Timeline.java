/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Which of the ways a server's log has taken: each promotion begins a new one, and says where it
 * leaves the one before.
 *
 * @param number the number of the way
 * @param position how far on it the server is, in bytes from the log's start
 */
record Timeline(int number, long position) {
  // What is in the control file may be of the last checkpoint.
  private static final String HERE =
      "SELECT CASE WHEN pg_catalog.pg_is_in_recovery() THEN greatest("
          + " (SELECT received_tli FROM pg_catalog.pg_stat_get_wal_receiver()),"
          + " (SELECT min_recovery_end_timeline FROM pg_catalog.pg_control_recovery()),"
          + " (SELECT timeline_id FROM pg_catalog.pg_control_checkpoint())) END,"
          + " CASE WHEN pg_catalog.pg_is_in_recovery() THEN greatest("
          + " pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_last_wal_receive_lsn(), '0/0'),"
          + " pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_last_wal_replay_lsn(), '0/0'))"
          + " ELSE pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), '0/0')"
          + " END::bigint,"
          + " CASE WHEN NOT pg_catalog.pg_is_in_recovery() THEN"
          + " pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()) END";

  private static final int DIGITS = 8;
  private static final int HEXADECIMAL = 16;

  static Timeline of(SuperuserSession session) throws SQLException {
    List<@Nullable String> row = session.row(HERE);
    String number = row.get(0);
    String file = row.get(2);
    return new Timeline(
        file == null
            ? Integer.parseInt(Objects.requireNonNull(number))
            : Integer.parseInt(file.substring(0, DIGITS), HEXADECIMAL),
        Long.parseLong(Objects.requireNonNull(row.get(1))));
  }

  /**
   * Refuses that a replica follows a server whose way left its own before where it is.
   *
   * @param there the server's way
   * @param session on that server
   */
  void requireOnTheWayOf(Timeline there, SuperuserSession session) throws SQLException {
    if (there.number == number) {
      return;
    }
    if (there.number > number) {
      String history =
          session.value(
              "SELECT pg_catalog.pg_read_file(?)",
              String.format("pg_wal/%08X.history", there.number));
      for (String line : Objects.requireNonNullElse(history, "").split("\n", -1)) {
        String[] parts = line.strip().split("\\s+", -1);
        if (parts[0].equals(Integer.toString(number))
            && LogSequenceNumber.valueOf(parts[1]).asLong() >= position) {
          return;
        }
      }
    }
    throw ErrorDetails.of(
            ErrorCategory.CONDITION_FAILED,
            "The other server went another way (timeline "
                + there.number
                + ") before what this replica has (timeline "
                + number
                + "): it would have to take back what readers may have seen")
        .nextStep("Make a new replica of that server.")
        .toException();
  }
}
