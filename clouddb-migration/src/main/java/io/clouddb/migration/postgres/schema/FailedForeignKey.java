/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import io.clouddb.error.CloudDbException;
import io.clouddb.migration.postgres.catalog.TableName;
import java.util.Collections;
import java.util.List;

/**
 * A foreign key that could not be made or validated, for a reason that does not pass by itself.
 *
 * @param table the table that has it
 * @param name what the constraint is called, as SQL quotes it
 * @param sql what was tried
 * @param reason what the server said, without values of rows
 */
public record FailedForeignKey(TableName table, String name, String sql, String reason) {
  /** Collects what a writer is refused; several threads may. */
  static TargetWriter.Refused into(List<FailedForeignKey> failed) {
    List<FailedForeignKey> all = Collections.synchronizedList(failed);
    return (object, why) -> all.add(of(object, why));
  }

  private static FailedForeignKey of(SchemaObject key, CloudDbException why) {
    Throwable cause = why.getCause();
    return new FailedForeignKey(
        key.table().orElseThrow(),
        ForeignKeyWriter.name(key),
        key.definition(),
        cause == null ? why.details().message() : String.valueOf(cause.getMessage()));
  }
}
