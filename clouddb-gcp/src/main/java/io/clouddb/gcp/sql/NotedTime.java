/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import io.clouddb.spi.workflow.StepContext;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/** Since when something is seen: the time that an earlier look has noted, or now. */
final class NotedTime {
  private NotedTime() {}

  static Instant of(StepContext context, String name) {
    try {
      return Instant.parse(context.value(name).orElse(""));
    } catch (DateTimeParseException e) {
      return context.now();
    }
  }
}
