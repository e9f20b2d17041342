/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.preflight;

import io.clouddb.migration.postgres.schema.SchemaSurvey;
import java.sql.SQLException;
import java.util.Set;

/**
 * Whether the target takes the whole schema as it is: it is made there without rows, compared, and
 * rolled back. That finds what no list of rules does, for example a function that only a superuser
 * may make.
 */
final class RehearsalCheck {
  /** A table takes locks for itself, its large values and their index. */
  private static final int LOCKS_OF_A_RELATION = 4;

  private final SchemaSurvey survey;
  private final Side target;
  private final Findings findings;

  RehearsalCheck(SchemaSurvey survey, Side target, Findings findings) {
    this.survey = survey;
    this.target = target;
    this.findings = findings;
  }

  void run(Set<String> missingRoles) throws SQLException {
    if (findings.preventsMaking()) {
      return;
    }
    long locks = survey.relations() * LOCKS_OF_A_RELATION;
    long room =
        Long.parseLong(
            target.value(
                "SELECT pg_catalog.current_setting('max_locks_per_transaction')::bigint"
                    + " * pg_catalog.current_setting('max_connections')::bigint"));
    if (locks > room / 2) {
      findings.info(
          "target.not-rehearsed",
          target.details().database(),
          "The schema is too large to be made in one transaction, so it was not tried out.",
          "Raise max_locks_per_transaction on the target to have it tried, or go on without.");
      return;
    }
    for (SchemaSurvey.Refused refused : survey.rehearse(target.connection(), missingRoles)) {
      findings.notCarried(
          "target.refused",
          refused.name(),
          refused.reason(),
          "Give " + target.details().user() + " the right that it takes, or change the object.");
    }
  }
}
