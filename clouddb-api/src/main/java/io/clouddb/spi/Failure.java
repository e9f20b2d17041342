/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a later process has to say of the failure of an operation: a part of its state's JSON. */
final class Failure {
  private @Nullable ErrorCategory category;
  private @Nullable String message;
  private boolean outcomeKnown;
  private @Nullable String operation;
  private @Nullable String resource;
  private @Nullable String providerCode;
  private @Nullable String requestId;
  private @Nullable String nextStep;
  private @Nullable String leftBehind;
  private transient @Nullable CloudDbException original;

  static Failure of(CloudDbException why) {
    ErrorDetails details = why.details();
    Failure failure = new Failure();
    failure.category = details.category();
    failure.message = plain(details.message());
    failure.outcomeKnown = details.outcomeKnown();
    failure.operation = details.operation().orElse(null);
    failure.resource = details.resource().orElse(null);
    failure.providerCode = details.providerCode().orElse(null);
    failure.requestId = details.requestId().orElse(null);
    failure.nextStep = details.nextStep().map(Failure::plain).orElse(null);
    failure.leftBehind = details.leftBehind().map(Failure::plain).orElse(null);
    failure.original = why;
    return failure;
  }

  /** What a service says may be cut in the middle of a character, which no token can hold. */
  private static String plain(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)
        .replace('\0', '?');
  }

  boolean isWhole() {
    return category != null && message != null;
  }

  /** What was read from JSON may be of any length. */
  void shorten() {
    message = OperationState.shortened(Objects.requireNonNull(message));
  }

  CloudDbException toException() {
    if (original != null) {
      return original;
    }
    return ErrorDetails.of(Objects.requireNonNull(category), Objects.requireNonNull(message))
        .retryable(false)
        .outcomeKnown(outcomeKnown)
        .operation(operation)
        .resource(resource)
        .providerCode(providerCode)
        .requestId(requestId)
        .nextStep(nextStep)
        .leftBehind(leftBehind)
        .toException();
  }
}
