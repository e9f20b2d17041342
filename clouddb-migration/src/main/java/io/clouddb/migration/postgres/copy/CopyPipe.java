/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.copy;

import io.clouddb.migration.postgres.stream.SqlFailure;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOperation;
import org.postgresql.copy.CopyOut;

/** Pipes one COPY into another. Holds one row and one buffer at a time. */
public final class CopyPipe {
  private static final int BUFFER = 64 * 1024;

  private CopyPipe() {}

  /** Hears what was sent. */
  public interface Sent {
    /**
     * Something was sent.
     *
     * @param rows about how many rows: a message of the server is one, but for the trailer of the
     *     binary format
     * @param bytes how many bytes
     */
    void add(long rows, long bytes);
  }

  /**
   * Copies until the source has no more rows.
   *
   * @param source where the rows are read
   * @param copyOut {@code COPY ... TO STDOUT}
   * @param target where they are written
   * @param copyIn {@code COPY ... FROM STDIN}, of the same format
   * @param sent hears how it goes
   * @return how many rows the target took
   * @throws SQLException when an end refuses; both copies are ended
   */
  public static long run(
      Connection source, String copyOut, Connection target, String copyIn, Sent sent)
      throws SQLException {
    CopyOut from = source.unwrap(PGConnection.class).getCopyAPI().copyOut(copyOut);
    CopyIn to;
    try {
      to = target.unwrap(PGConnection.class).getCopyAPI().copyIn(copyIn);
    } catch (SQLException e) {
      cancel(from, e);
      throw e;
    }
    try {
      byte[] buffer = new byte[BUFFER];
      int used = 0;
      long rows = 0;
      for (byte[] row = from.readFromCopy(); row != null; row = from.readFromCopy()) {
        if (used + row.length > BUFFER) {
          to.writeToCopy(buffer, 0, used);
          sent.add(rows, used);
          used = 0;
          rows = 0;
        }
        rows++;
        if (row.length > BUFFER) {
          to.writeToCopy(row, 0, row.length);
          sent.add(rows, row.length);
          rows = 0;
        } else {
          System.arraycopy(row, 0, buffer, used, row.length);
          used += row.length;
        }
      }
      if (used > 0) {
        to.writeToCopy(buffer, 0, used);
        sent.add(rows, used);
      }
      return to.endCopy();
    } catch (SQLException e) {
      cancel(from, e);
      cancel(to, e);
      throw SqlFailure.rootOf(e);
    }
  }

  private static void cancel(CopyOperation copy, SQLException because) {
    try {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    } catch (SQLException e) {
      because.addSuppressed(e);
    }
  }
}
