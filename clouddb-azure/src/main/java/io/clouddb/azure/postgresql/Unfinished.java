/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.PolledState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an operation that failed for good leaves behind, and what to do with it. */
final class Unfinished {
  private Unfinished() {}

  static CloudDbException named(PolledState state, CloudDbException failure) {
    ErrorDetails.Builder details = failure.details().toBuilder();
    String left = leftBehind(state);
    if (left != null) {
      details.leftBehind(left);
    }
    String next = failure.nextStep().orElseGet(() -> nextStep(state));
    return CloudDbException.of(details.nextStep(next).build(), failure);
  }

  private static @Nullable String leftBehind(PolledState state) {
    String server = "the server " + state.resource().name();
    List<String> undone = StepOrder.unfinished(state);
    return switch (state.kind()) {
      case PolledState.CREATE ->
          state.step().equals(StepOrder.SERVER)
              ? "perhaps " + server
              : server + (undone.isEmpty() ? "" : ", without " + undone);
      case PolledState.MODIFY ->
          state.step().equals(StepOrder.SERVER)
              ? null
              : server
                  + " with a part of the change"
                  + (undone.isEmpty() ? "" : ", without " + undone);
      case PolledState.DELETE -> server + ", which is still there and costs money";
      default -> null;
    };
  }

  private static String nextStep(PolledState state) {
    return switch (state.kind()) {
      case PolledState.CREATE -> creation(state);
      case PolledState.MODIFY -> "Make the change again: what is done already does no harm.";
      case PolledState.DELETE -> "Delete it again.";
      default -> "Look at the server in Azure, and try again.";
    };
  }

  private static String creation(PolledState state) {
    if (state.step().equals(StepOrder.SERVER)) {
      return "Look whether the server is there: delete it if so. Create it again.";
    }
    return "Finish the server: parameters and maintenance by modify, a database by SQL, a firewall"
        + " rule in Azure or by unwrap(PostgreSqlManager.class). Or delete it, and create it again.";
  }
}
