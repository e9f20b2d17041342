/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.Operation;
import com.google.api.services.sqladmin.model.OperationError;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.OperationState;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An operation that is {@code DONE} may have failed all the same: its {@code error} tells. */
final class OperationFailures {
  private OperationFailures() {}

  /**
   * Looks for the failure of an operation that is over.
   *
   * @param operation the service's operation
   * @param state what it is a step of
   * @return the failure; empty when it ended well
   */
  static Optional<CloudDbException> of(Operation operation, OperationState state) {
    if (operation.getError() == null) {
      return Optional.empty();
    }
    List<OperationError> errors =
        Stream.ofNullable(operation.getError().getErrors())
            .flatMap(List::stream)
            .filter(Objects::nonNull)
            .toList();
    String code =
        errors.stream()
            .map(OperationError::getCode)
            .filter(Objects::nonNull)
            .findFirst()
            .orElse("UNKNOWN");
    String message =
        errors.stream()
            .map(error -> error.getMessage() == null ? error.getCode() : error.getMessage())
            .filter(Objects::nonNull)
            .collect(Collectors.joining("; "));
    if (message.isEmpty()) {
      message = "Cloud SQL gives no reason";
    }
    ErrorDetails.Builder details =
        ErrorDetails.of(
                category(code),
                "The operation " + operation.getOperationType() + " failed: " + message)
            // The operation is over: looking again changes nothing.
            .retryable(false)
            .operation(state.kind())
            .resource(state.resource().toString())
            .providerCode(code)
            .requestId(operation.getName());
    return Optional.of(details.toException());
  }

  private static ErrorCategory category(String code) {
    String upper = code.toUpperCase(Locale.ROOT);
    if (upper.contains("QUOTA") || upper.contains("RESOURCE_EXHAUSTED")) {
      return ErrorCategory.QUOTA;
    }
    if (upper.contains("INVALID") || upper.contains("BAD_REQUEST")) {
      return ErrorCategory.INVALID_ARGUMENT;
    }
    if (upper.contains("PERMISSION") || upper.contains("NOT_AUTHORIZED")) {
      return ErrorCategory.PERMISSION;
    }
    if (upper.contains("FAILED_PRECONDITION")) {
      return ErrorCategory.CONDITION_FAILED;
    }
    return ErrorCategory.OTHER;
  }
}
