/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.sqladmin;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Errors of the Cloud SQL Admin API on demand. Each takes effect once. */
public final class SqlAdminFaults {
  /**
   * An error of an operation that had been accepted.
   *
   * @param code for example {@code INTERNAL_ERROR}
   * @param message a sentence
   */
  record OperationFailure(String code, String message) {}

  private final Map<String, Deque<RefusedException>> refusals = new HashMap<>();
  private final Map<String, Deque<OperationFailure>> failures = new HashMap<>();

  SqlAdminFaults() {}

  /**
   * Has the next request of a method refused, without effect.
   *
   * @param method for example {@code instances.patch}
   * @param status HTTP status
   * @param reason the error's reason, for example {@code operationInProgress}
   * @param message a sentence
   */
  public synchronized void refuse(String method, int status, String reason, String message) {
    refusals
        .computeIfAbsent(method, key -> new ArrayDeque<>())
        .add(new RefusedException(status, reason, message));
  }

  /**
   * Has the next operation of a type end with an error, without effect.
   *
   * @param type {@code UPDATE}, {@code DELETE}, {@code CREATE_USER}, {@code UPDATE_USER} or {@code
   *     CREATE_DATABASE}; for {@code CREATE} let the database's start fail instead
   * @param code the error's code, for example {@code INTERNAL_ERROR}
   * @param message a sentence
   */
  public synchronized void failOperation(String type, String code, String message) {
    failures
        .computeIfAbsent(type, key -> new ArrayDeque<>())
        .add(new OperationFailure(code, message));
  }

  synchronized void refuseIfAsked(String method) {
    Deque<RefusedException> waiting = refusals.get(method);
    if (waiting != null && !waiting.isEmpty()) {
      throw waiting.remove();
    }
  }

  synchronized Optional<OperationFailure> failureOf(String type) {
    Deque<OperationFailure> waiting = failures.get(type);
    return waiting == null ? Optional.empty() : Optional.ofNullable(waiting.poll());
  }
}
