/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The operations of a simulated cloud, those that are over with them. For any thread. */
public final class SimulatedOperations {
  private final SimulatedClock clock;
  private final Supplier<String> ids;
  private final Map<String, SimulatedOperation> operations = new LinkedHashMap<>();

  SimulatedOperations(SimulatedClock clock, Supplier<String> ids) {
    this.clock = clock;
    this.ids = ids;
  }

  /**
   * Begins an operation. Who begins it also {@linkplain SimulatedOperation#end ends} it.
   *
   * @param verb what it does
   * @param target with which resource
   * @return the operation, with an id of its own
   */
  public synchronized SimulatedOperation open(Verb verb, ResourceKey target) {
    SimulatedOperation operation = new SimulatedOperation(ids.get(), verb, target, clock.instant());
    operations.put(operation.id(), operation);
    return operation;
  }

  /**
   * Gets an operation, which is kept after its end.
   *
   * @param id its id
   * @return the operation
   * @throws SimulatorException when there is none
   */
  public synchronized SimulatedOperation get(String id) {
    SimulatedOperation operation = operations.get(id);
    if (operation == null) {
      throw new SimulatorException(
          SimulatorException.Reason.NOT_FOUND, "The operation " + id + " does not exist");
    }
    return operation;
  }

  /**
   * The operations on the resources of a scope.
   *
   * @param scope the scope
   * @return newest first
   */
  public synchronized List<SimulatedOperation> list(String scope) {
    List<SimulatedOperation> found = new ArrayList<>();
    for (SimulatedOperation operation : operations.values()) {
      if (operation.target().scope().equals(scope)) {
        found.add(0, operation);
      }
    }
    return found;
  }
}
