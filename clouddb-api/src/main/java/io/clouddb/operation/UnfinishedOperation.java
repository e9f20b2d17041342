/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.operation;

import io.clouddb.Native;
import io.clouddb.ResourceId;
import io.clouddb.internal.operation.LoggedOperation;
import io.clouddb.internal.operation.OperationScheduler;
import io.clouddb.spi.OperationState;
import java.time.Instant;
import java.util.List;

/**
 * An operation that stands in the {@link OperationLog} and has not ended: a process was killed
 * while it followed it, an error ended the waiting, or another process follows it now.
 */
public final class UnfinishedOperation {
  private final OperationScheduler scheduler;
  private final LoggedOperation logged;
  private final OperationState state;

  UnfinishedOperation(OperationScheduler scheduler, LoggedOperation logged) {
    this.scheduler = scheduler;
    this.logged = logged;
    this.state = logged.state();
  }

  /**
   * What is done.
   *
   * @return the kind's name, for example {@code instance.create}
   */
  public String kind() {
    return state.kind();
  }

  /**
   * To what.
   *
   * @return the resource
   */
  public ResourceId resource() {
    return state.resource();
  }

  /**
   * Since when.
   *
   * @return when it was begun
   */
  public Instant started() {
    return state.started();
  }

  /**
   * The step that it had reached.
   *
   * @return its name
   */
  public String step() {
    return state.step();
  }

  /**
   * The vendor's requests that the caller customized; {@link #resume} demands the same ones.
   *
   * @return names of classes
   */
  public List<String> customized() {
    return state.customized();
  }

  /**
   * Goes on with it. Of two that go on with the same one, one ends before its next request with a
   * {@link io.clouddb.error.ConditionFailedException}; so does whoever has begun it, when that is
   * alive.
   *
   * @param type the class of what comes of it
   * @param customizations the same changes to the vendor's requests with which it was begun
   * @param <T> what comes of it
   * @return the operation
   * @throws io.clouddb.error.InvalidArgumentException when something else comes of it, or other
   *     requests were customized
   */
  public <T> Operation<T> resume(Class<T> type, Native... customizations) {
    scheduler.requireOpen();
    return scheduler.resume(logged, type, List.of(customizations));
  }

  /**
   * Takes it out of the log without going on with it. What it made stays as it is.
   *
   * @throws io.clouddb.error.ConditionFailedException when somebody has gone on with it since it
   *     was listed
   * @throws RuntimeException when the log cannot be written
   */
  public void forget() {
    scheduler.journal().forget(logged);
  }

  @Override
  public String toString() {
    return state.kind() + " of " + state.resource() + " at " + state.step();
  }
}
