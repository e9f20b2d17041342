/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi.workflow;

import java.time.Duration;
import java.util.List;

/**
 * One step of a long operation. The machine looks before it begins, so that a step whose request
 * has had its effect already, in this process or a killed one, is not begun again; and it looks
 * after it has begun until the step has happened. Each method makes at most a few short requests,
 * each of them once: what fails in passing is asked again later.
 */
public interface StepAction {
  /**
   * What the step is called, in tokens and messages.
   *
   * @return a few words without a slash, unique in its workflow
   */
  String name();

  /**
   * Whether the operation needs the step at all. Answered from the specification and what was
   * noted, without a request.
   *
   * @param context the operation
   * @return true unless the step is to be left out
   */
  default boolean applies(StepContext context) {
    return true;
  }

  /**
   * What the step does one after the other, for example each of several databases. Answered without
   * a request; later answers may have more at the end.
   *
   * @param context the operation
   * @return the items; one empty text where the step has only one thing to do
   */
  default List<String> items(StepContext context) {
    return List.of("");
  }

  /**
   * Looks how far the step is. Changes nothing.
   *
   * @param context the operation, at this step and item
   * @return what was seen
   * @throws io.clouddb.error.CloudDbException when the look failed; it is repeated when that may
   *     help
   */
  Look look(StepContext context);

  /**
   * Sends the step's request.
   *
   * @param context the operation, at this step and item
   * @return what the service answered
   * @throws io.clouddb.error.BusyException when the service takes it later; it is sent again then
   * @throws io.clouddb.error.CloudDbException when the service refused it, or its answer was lost
   */
  default Begun begin(StepContext context) {
    throw new IllegalStateException("Nothing begins the step " + name());
  }

  /**
   * Removes what the step made, after a later one has failed.
   *
   * @param context the operation, at this step and item
   * @return what became of it
   * @throws io.clouddb.error.CloudDbException when it failed; it is repeated when that may help
   */
  default Undone undo(StepContext context) {
    return Undone.stays(makes(context));
  }

  /**
   * What the step makes, so that it is removed or named when the operation fails.
   *
   * @param context the operation, at this step and item
   * @return for example {@code the DB parameter group orders-7f3}; empty for what need not be
   */
  default String makes(StepContext context) {
    return "";
  }

  /**
   * Whether the step sends a request at all, or only waits.
   *
   * @return false for a step without {@link #begin}
   */
  default boolean changes() {
    return true;
  }

  /**
   * Whether its request needs the secret of the specification.
   *
   * @param context the operation
   * @return true when it does
   */
  default boolean needsSecret(StepContext context) {
    return false;
  }

  /**
   * Whether its request sets a password, opens a network or takes something away, so that it is not
   * sent because of a token that anybody can have written.
   *
   * @param context the operation
   * @return true when it does
   */
  default boolean guarded(StepContext context) {
    return needsSecret(context);
  }

  /**
   * How long the service may take to show what it has accepted. When it shows nothing for longer,
   * the request had no effect.
   *
   * @return a time
   */
  default Duration shownWithin() {
    return Duration.ofMinutes(2);
  }

  /**
   * How long the step may take, with all that it waits for. After that the operation ends with an
   * error, and can be resumed by its token. Whoever resumes it has the same time again, however
   * long nobody has followed it.
   *
   * @return a time
   */
  default Duration limit() {
    return Duration.ofHours(6);
  }

  /**
   * How often its request is sent when it had no effect.
   *
   * @return at least 1
   */
  default int mostTries() {
    return 5;
  }
}
