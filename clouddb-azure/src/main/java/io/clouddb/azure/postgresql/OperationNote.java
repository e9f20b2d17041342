/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import io.clouddb.spi.workflow.StepContext;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of the operation that the step's last request began. It stands in the operation's
 * state, so that another process knows it too.
 *
 * @param seen whether Azure has shown it, so that one that is not shown any more is forgotten
 * @param over since when it is known to have ended well; null when that is not known
 */
record OperationNote(boolean seen, @Nullable Instant over) {
  private static final String KEY = "operation";
  private static final OperationNote NONE = new OperationNote(false, null);

  static OperationNote of(StepContext context) {
    String[] parts = context.value(KEY).orElse("").split(" ", 3);
    // What was noted of an earlier request says nothing of the last one.
    if (parts.length < 2 || !parts[0].equals(request(context))) {
      return NONE;
    }
    return new OperationNote(true, parts.length < 3 ? null : time(parts[2]).orElse(null));
  }

  /** A time that was noted; empty in a token that was rewritten. */
  static Optional<Instant> time(String noted) {
    try {
      return Optional.of(Instant.parse(noted));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  static Map<String, String> seen(StepContext context) {
    return Map.of(KEY, request(context) + " seen");
  }

  static Map<String, String> over(StepContext context, Instant since) {
    return Map.of(KEY, request(context) + " over " + since);
  }

  private static String request(StepContext context) {
    return context.state().asked().map(Instant::toString).orElse("");
  }
}
