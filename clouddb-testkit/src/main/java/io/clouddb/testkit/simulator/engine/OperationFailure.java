/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.engine;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The error of an operation that had been accepted.
 *
 * @param codeOrNull the cloud's own code; null for one without
 * @param messageOrNull a sentence; null for one without
 */
public record OperationFailure(@Nullable String codeOrNull, @Nullable String messageOrNull) {
  /** What a test gets that does not say. */
  public static final String SENTENCE = "A test asked for this failure";

  /**
   * The cloud's own code.
   *
   * @return empty when it has none
   */
  public Optional<String> code() {
    return Optional.ofNullable(codeOrNull);
  }

  /**
   * The sentence.
   *
   * @return empty when it has none
   */
  public Optional<String> message() {
    return Optional.ofNullable(messageOrNull);
  }
}
