/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.instance;

import io.clouddb.backup.BackupPolicy;
import io.clouddb.internal.Problems;
import java.util.Map;

/** What is asked of a field on any cloud, in a new instance as in a change. */
final class FieldChecks {
  private static final int MOST_RETENTION_DAYS = 3650;

  private FieldChecks() {}

  static void size(InstanceSize size, Problems problems) {
    if (size.nativeName() == null) {
      problems.require(size.cpus() > 0, "size needs at least 1 vCPU");
      problems.require(
          size.memory() != null && size.memory().bytes() > 0, "size needs some memory");
    } else {
      problems.require(!size.nativeName().isBlank(), "size has an empty name");
    }
  }

  static void backups(BackupPolicy policy, Problems problems) {
    Integer days = policy.retentionDays();
    problems.require(
        days == null || (days > 0 && days <= MOST_RETENTION_DAYS),
        "backups are kept for 1 to " + MOST_RETENTION_DAYS + " days, not " + days);
    problems.require(
        policy.enabled() || (policy.start() == null && days == null && !policy.pointInTime()),
        "backups are off and have a window, a retention or points in time");
  }

  static void parameters(Map<String, String> parameters, Problems problems) {
    parameters.forEach(
        (parameter, value) ->
            problems.require(
                parameter.matches("[a-zA-Z_][a-zA-Z0-9_.]*") && value != null && !value.isEmpty(),
                "parameter '" + parameter + "' has a malformed name or no value"));
  }
}
