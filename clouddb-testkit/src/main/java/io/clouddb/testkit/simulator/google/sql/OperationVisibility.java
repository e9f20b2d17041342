/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.google.sql;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;

/** Operations that are not there when one looks, on demand. */
final class OperationVisibility {
  private final Deque<Integer> hiddenLooks = new ArrayDeque<>();
  private final List<String> forgotten = new ArrayList<>();

  synchronized void hideNext(int looks) {
    hiddenLooks.add(looks);
  }

  synchronized void forgetNext(String type) {
    forgotten.add(type);
  }

  synchronized int takeHiddenLooks() {
    return Objects.requireNonNullElse(hiddenLooks.poll(), 0);
  }

  synchronized boolean takeForgotten(String type) {
    return forgotten.remove(type);
  }
}
