/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.state;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.internal.json.JsonFields;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An entry as a row, whose text holds a checksum too: a server need not have checksums of its pages
 * (by default they are off before PostgreSQL 18), and whoever may write to the table can change a
 * row. The checksum covers migration, number, kind and data, and all rows before; not the time,
 * which the database's clock says and which decides nothing.
 *
 * @param entry what it says
 * @param checksum its checksum, which the next one builds on
 */
record JournalRow(JournalEntry entry, String checksum) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SCHEMA_VERSION = 2;

  /**
   * What stands in the column of the data.
   *
   * @param json the text
   * @param checksum which is in it
   */
  record Text(String json, String checksum) {}

  static Text text(
      String migration, long sequence, String kind, Map<String, String> data, String before) {
    ObjectNode document = JSON.createObjectNode().put("schemaVersion", SCHEMA_VERSION);
    ObjectNode fields = document.putObject("data");
    data.forEach(fields::put);
    String checksum = checksum(migration, sequence, kind, data, before);
    return new Text(document.put("crc32c", checksum).toString(), checksum);
  }

  private static String checksum(
      String migration, long sequence, String kind, Map<String, String> data, String before) {
    ObjectNode covered =
        JSON.createObjectNode()
            .put("migration", migration)
            .put("sequence", sequence)
            .put("kind", kind);
    ObjectNode fields = covered.putObject("data");
    data.forEach(fields::put);
    return EntryChecksum.of(before, covered.toString());
  }

  /** Reads the columns sequence, at, kind and data. */
  static JournalRow read(ResultSet row, long number, String migration, String before)
      throws SQLException {
    if (row.getLong(1) != number) {
      throw damaged(migration, number, "its number is " + row.getLong(1), null);
    }
    String kind = row.getString(3);
    try {
      JsonFields fields = JsonFields.parse(row.getString(4));
      if (!fields.has("schemaVersion")) {
        throw new IllegalArgumentException(
            "it is of version 1, which had no checksums, or of something else; this release reads"
                + " version "
                + SCHEMA_VERSION);
      }
      fields.number("schemaVersion", SCHEMA_VERSION, SCHEMA_VERSION);
      Map<String, String> data = fields.texts("data");
      String found = fields.text("crc32c");
      fields.refuseOthers();
      String checksum = checksum(migration, number, kind, data, before);
      if (!found.equals(checksum)) {
        throw new IllegalArgumentException(
            "its checksum does not fit; it was changed, or it is not the one that was written"
                + " behind the one before it");
      }
      return new JournalRow(
          new JournalEntry(number, row.getObject(2, OffsetDateTime.class).toInstant(), kind, data),
          checksum);
    } catch (IllegalArgumentException e) {
      throw damaged(migration, number, String.valueOf(e.getMessage()), e);
    }
  }

  private static CloudDbException damaged(
      String migration, long number, String why, @Nullable Exception cause) {
    return ErrorDetails.of(
            ErrorCategory.DATA,
            "Entry %d of the journal of the migration %s is damaged: %s"
                .formatted(number, migration, why))
        .resource("clouddb_state.journal " + migration)
        .nextStep(
            "Nothing was changed. Restore the rows from a copy. Where there is none, the migration"
                + " cannot be gone on with or aborted: remove by hand what it made, as the guide"
                + " says under \"When the journal is lost\".")
        .toException(cause);
  }
}
