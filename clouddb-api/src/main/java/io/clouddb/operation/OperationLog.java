/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.operation;

import io.clouddb.internal.operation.DirectoryLog;
import io.clouddb.internal.operation.JdbcLog;
import java.nio.file.Path;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Where operations are written down before each change that they make, so that those of a killed
 * process are found again: {@link Operations#unfinished()}. What is written is the operation's
 * token, which holds references to secrets and no secret. An operation that cannot be written down
 * makes no change.
 *
 * <p><strong>Of several that follow one operation, one changes something.</strong> An entry is
 * there also while the process that began the operation is alive. Whoever follows it replaces only
 * what he has written or found himself; who finds something else there sends no further request,
 * and ends with a {@link io.clouddb.error.ConditionFailedException}: another process goes on with
 * it. Waiting writes nothing, so that several may wait for the same end. What no log can tell is
 * whether a process that has written down its next request, and then stood still for long, sends it
 * yet: resume what another process began when that one has ended.
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
   * Writes where an operation stands, if what is written of it is what the caller takes it for. Of
   * two that replace the same at once one succeeds. What was written survives a kill of this
   * process once the method has returned.
   *
   * @param id the operation's own id: lower case letters, digits and hyphens
   * @param before what is written of it, null for nothing
   * @param token its token now
   * @return false when something else is written of it, or nothing; then it stays as it is
   * @throws RuntimeException when it cannot be written; the change is not made then
   */
  boolean write(String id, @Nullable String before, String token);

  /**
   * Forgets an operation that is over, if what is written of it is what the caller takes it for.
   *
   * @param id the operation's own id
   * @param before what is written of it
   * @return false when something else is written of it, or nothing; then it stays as it is
   * @throws RuntimeException when it cannot be removed
   */
  boolean remove(String id, String before);

  /**
   * What is written.
   *
   * @return the tokens of all operations that were not removed, by their ids
   * @throws RuntimeException when it cannot be read
   */
  Map<String, String> read();
}
