/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.preflight;

import io.clouddb.migration.postgres.catalog.OwnSchema;
import java.sql.SQLException;
import java.util.List;

/** Whether the schema that migrations use for themselves is theirs, where there is one. */
final class OwnSchemaCheck {
  private final Side side;
  private final Findings findings;

  OwnSchemaCheck(Side side, Findings findings) {
    this.side = side;
    this.findings = findings;
  }

  void run() throws SQLException {
    List<String> strange = OwnSchema.strange(side.connection());
    if (!strange.isEmpty()) {
      findings.error(
          side.label() + ".own-schema",
          OwnSchema.NAME,
          "The schema is there and not the migration's: " + String.join("; ", strange) + ".",
          OwnSchema.remedy());
    }
  }
}
