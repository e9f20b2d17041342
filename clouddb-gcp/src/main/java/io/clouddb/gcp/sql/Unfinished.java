/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.PolledState;
import java.util.Optional;

/** What an operation leaves behind that ends on its way, and what to do with it. */
final class Unfinished {
  private Unfinished() {}

  /**
   * Names what is left where the failure does not name it itself.
   *
   * @param state where the operation was
   * @param failure the failure, after which it does not go on
   * @return the failure that says it
   */
  static CloudDbException named(PolledState state, CloudDbException failure) {
    Optional<String> left = leftBehind(state);
    if (left.isEmpty() || failure.details().leftBehind().isPresent()) {
      return failure;
    }
    ErrorDetails.Builder details = failure.details().toBuilder().leftBehind(left.get());
    String next = failure.nextStep().map(text -> text + " ").orElse("") + nextStep(state);
    return CloudDbException.of(details.nextStep(next).build(), failure);
  }

  private static Optional<String> leftBehind(PolledState state) {
    String instance = "the instance " + state.resource().name();
    if (state.kind().equals(PolledState.CREATE)) {
      return Optional.of(
          state.step().equals(OperationSteps.INSERT)
              ? instance + ", as far as it was made"
              : instance + ", which costs money; its creation ended at the step " + state.step());
    }
    // Where there is a patch, it was made before the password's turn came.
    return state.kind().equals(PolledState.MODIFY)
            && state.step().equals(OperationSteps.PASSWORD)
            && state.value(OperationSteps.BODY).isPresent()
        ? Optional.of(instance + " with the settings of the change, and without the password")
        : Optional.empty();
  }

  private static String nextStep(PolledState state) {
    return state.kind().equals(PolledState.CREATE)
        ? "Delete the instance, and create it again."
        : "Make the change of the password again.";
  }
}
