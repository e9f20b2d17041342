/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.operation;

import io.clouddb.internal.operation.DirectoryLog;
import io.clouddb.internal.operation.JdbcLog;
import java.nio.file.Path;
import java.util.Map;
import javax.sql.DataSource;

/**
 * Where operations are written down before each change that they make, so that those of a killed
 * process are found again: {@link Operations#unfinished()}. What is written is the operation's
 * token, which holds references to secrets and no secret. An operation that cannot be written down
 * makes no change.
 *
 * <p><strong>One process at a time follows an operation.</strong> Neither log knows who does: an
 * entry is there also while the process that began it is alive, and two that follow the same one
 * may both send its next request. No second instance comes of it, since that is found by its
 * operation's id, but a change, a restart or a removal may be made twice. Where several processes
 * share a log, let one of them resume what is unfinished, under a lock of yours (PostgreSQL's
 * {@code pg_advisory_lock}, a leader's election), and only after the one that began it has ended.
 *
 * <p>Whoever can write to the log can make this library change what its credentials may change:
 * keep it as private as they are.
 */
public interface OperationLog {
  /**
   * A log in a folder, one file for each operation. The folder is made for its owner alone.
   *
   * @param folder the folder, on a disk of this machine
   * @return the log
   * @throws io.clouddb.error.InvalidArgumentException when others may write to the folder, or it
   *     cannot be made
   */
  static OperationLog directory(Path folder) {
    return new DirectoryLog(folder);
  }

  /**
   * A log in a table of a PostgreSQL database, one row for each operation, which several machines
   * can share. The table is made by its owner, and the login needs no other right than to read and
   * write it:
   *
   * <pre>{@code
   * CREATE TABLE app.clouddb_operations (
   *   id varchar(100) PRIMARY KEY, token text NOT NULL, written timestamptz NOT NULL);
   * GRANT SELECT, INSERT, UPDATE, DELETE ON app.clouddb_operations TO shop;
   * }</pre>
   *
   * @param database gives a connection of its own for each statement
   * @param schema the table's schema
   * @param table the table's name
   * @return the log
   * @throws io.clouddb.error.InvalidArgumentException when a name is none of 1 to 63 lower case
   *     letters, digits and {@code _}
   */
  static OperationLog jdbc(DataSource database, String schema, String table) {
    return new JdbcLog(database, schema, table);
  }

  /**
   * Writes where an operation stands, in the place of what was written of it before. It survives a
   * kill of this process once the method has returned.
   *
   * @param id the operation's own id: lower case letters, digits and hyphens
   * @param token its token
   * @throws RuntimeException when it cannot be written; the change is not made then
   */
  void write(String id, String token);

  /**
   * Forgets an operation that is over. Does nothing when it is not there.
   *
   * @param id the operation's own id
   * @throws RuntimeException when it cannot be removed
   */
  void remove(String id);

  /**
   * What is written.
   *
   * @return the tokens of all operations that were not removed, by their ids
   * @throws RuntimeException when it cannot be read
   */
  Map<String, String> read();
}
