/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.fuzz;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

/** Tells a clear refusal from a defect. */
final class Outcome {
  /** More than this is no sentence for a person any more. */
  private static final int LONGEST_MESSAGE = 20_000;

  private static final Set<ErrorCategory> REFUSED =
      Set.of(ErrorCategory.INVALID_ARGUMENT, ErrorCategory.UNSUPPORTED_FEATURE);

  private Outcome() {}

  /**
   * Calls what takes a value.
   *
   * @param call the call
   * @param <T> what it answers
   * @return the answer; empty when it refused the value, clearly
   * @throws Exception what is no refusal
   */
  static <T> Optional<T> valueOrRefusal(Callable<T> call) throws Exception {
    return valueOrRefusal(call, REFUSED);
  }

  /**
   * Calls what reads something that may be damaged.
   *
   * @param call the call
   * @param refusals the categories of error that are clear refusals here
   * @param <T> what it answers
   * @return the answer; empty when it refused, clearly
   * @throws Exception what is no refusal
   */
  static <T> Optional<T> valueOrRefusal(Callable<T> call, Set<ErrorCategory> refusals)
      throws Exception {
    try {
      return Optional.of(call.call());
    } catch (CloudDbException e) {
      if (!refusals.contains(e.category())) {
        throw e;
      }
      requireMessage(e);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      // Its subclasses (NumberFormatException and others) come from within, and explain nothing.
      if (e.getClass() != IllegalArgumentException.class) {
        throw e;
      }
      requireMessage(e);
      return Optional.empty();
    }
  }

  private static void requireMessage(RuntimeException e) {
    String message = e.getMessage();
    if (message == null || message.isBlank() || message.length() > LONGEST_MESSAGE) {
      throw new AssertionError(
          "A refusal says what is wrong in a sentence, not in "
              + (message == null ? "no" : message.length())
              + " characters",
          e);
    }
  }
}
