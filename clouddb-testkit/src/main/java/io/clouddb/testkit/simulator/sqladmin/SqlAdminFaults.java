/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.sqladmin;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Errors of the Cloud SQL Admin API on demand. Each takes effect once. */
public final class SqlAdminFaults {
  /**
   * An error of an operation that had been accepted.
   *
   * @param code for example {@code INTERNAL_ERROR}; null when it has none
   * @param message a sentence; null when it has none
   */
  record OperationFailure(@Nullable String code, @Nullable String message) {}

  private final Map<String, Deque<RefusedException>> refusals = new HashMap<>();
  private final Map<String, Deque<OperationFailure>> failures = new HashMap<>();
  private final Deque<Integer> hiddenLooks = new ArrayDeque<>();
  private final List<String> forgotten = new ArrayList<>();

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
   * @param code the error's code, for example {@code INTERNAL_ERROR}; null for an error without
   * @param message a sentence; null for an error without
   */
  public synchronized void failOperation(
      String type, @Nullable String code, @Nullable String message) {
    failures
        .computeIfAbsent(type, key -> new ArrayDeque<>())
        .add(new OperationFailure(code, message));
  }

  /**
   * Has the next operation that is accepted stay out of sight at first, as one may right after its
   * request: 404 {@code operationDoesNotExist}.
   *
   * @param looks how often it is asked for in vain
   */
  public synchronized void hideNextOperation(int looks) {
    hiddenLooks.add(looks);
  }

  /**
   * Has the next operation of a type be gone when it is over, as callers have met it with deletions
   * (hashicorp/terraform-provider-google, issue 13887): 404 {@code operationDoesNotExist} instead
   * of {@code DONE}.
   *
   * @param type for example {@code DELETE}
   */
  public synchronized void forgetNextOperation(String type) {
    forgotten.add(type);
  }

  synchronized int takeHiddenLooks() {
    return Objects.requireNonNullElse(hiddenLooks.poll(), 0);
  }

  synchronized boolean takeForgotten(String type) {
    return forgotten.remove(type);
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
