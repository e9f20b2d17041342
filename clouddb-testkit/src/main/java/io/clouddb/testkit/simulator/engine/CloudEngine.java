/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.engine;

import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * What the services of one simulated cloud share, whatever their resources are: its time, what it
 * does later, operations, faults, the requests so far, and ids.
 */
public final class CloudEngine implements AutoCloseable {
  private final SimulatedClock clock;
  private final Supplier<String> ids;
  private final Faults faults = new Faults();
  private final RequestLog requests = new RequestLog();
  private final Tasks tasks;
  private final SimulatedOperations operations;

  /**
   * Makes an engine whose ids are random UUIDs.
   *
   * @param clock its time; it stays the caller's to close
   */
  public CloudEngine(SimulatedClock clock) {
    this(clock, () -> UUID.randomUUID().toString());
  }

  /**
   * Makes an engine.
   *
   * @param clock its time; it stays the caller's to close
   * @param ids gives a new id at each call
   */
  public CloudEngine(SimulatedClock clock, Supplier<String> ids) {
    this.clock = Objects.requireNonNull(clock, "clock");
    this.ids = Objects.requireNonNull(ids, "ids");
    this.tasks = new Tasks(clock, requests::bug);
    this.operations = new SimulatedOperations(clock, ids);
  }

  /**
   * The cloud's time.
   *
   * @return the clock
   */
  public SimulatedClock clock() {
    return clock;
  }

  /**
   * What it does later.
   *
   * @return the tasks
   */
  public Tasks tasks() {
    return tasks;
  }

  /**
   * What takes time, from its request to its end.
   *
   * @return the operations
   */
  public SimulatedOperations operations() {
    return operations;
  }

  /**
   * What goes wrong on demand.
   *
   * @return the faults, which may be changed at any time
   */
  public Faults faults() {
    return faults;
  }

  /**
   * What was asked for.
   *
   * @return the log of requests
   */
  public RequestLog requests() {
    return requests;
  }

  /**
   * A new unique id, for whatever a service needs one for.
   *
   * @return the id
   */
  public String newId() {
    return ids.get();
  }

  /** Lets what is being done end; what has not begun will not. */
  @Override
  public void close() {
    tasks.close();
  }
}
