/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Errors of Azure's own that a test asks for, beside the faults of the engine: a request is refused
 * with a code, or is accepted and its operation fails.
 */
final class ArmFaults {
  private final Map<String, Deque<ArmRefusal>> refusals = new ConcurrentHashMap<>();
  private final Map<String, Deque<ArmRefusal>> failures = new ConcurrentHashMap<>();

  void refuseNext(String operation, ArmRefusal refusal) {
    refusals.computeIfAbsent(operation, key -> new ConcurrentLinkedDeque<>()).add(refusal);
  }

  void failNext(String operation, ArmRefusal failure) {
    failures.computeIfAbsent(operation, key -> new ConcurrentLinkedDeque<>()).add(failure);
  }

  /** Throws when it is this operation's turn. */
  void refuse(String operation) {
    ArmRefusal refusal = refusals.getOrDefault(operation, new ArrayDeque<>()).poll();
    if (refusal != null) {
      throw refusal;
    }
  }

  /** How an operation that is accepted now shall end. */
  Optional<ArmRefusal> failure(String operation) {
    return Optional.ofNullable(failures.getOrDefault(operation, new ArrayDeque<>()).poll());
  }
}
