/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.engine;

/**
 * What a request, or the operation that it begins, does with a resource; the same on all clouds.
 */
public enum Verb {
  /** Makes it. */
  CREATE,
  /** Looks at one of them. */
  READ,
  /** Looks at all of them. */
  LIST,
  /** Changes it, also its tags. */
  MODIFY,
  /** Restarts it. */
  RESTART,
  /** Stops it. */
  STOP,
  /** Starts it. */
  START,
  /** Makes a replica an instance of its own. */
  PROMOTE,
  /** Has a replica and its source change places. */
  SWITCH_OVER,
  /** Makes it of a backup, or of what was at a moment, or puts that into it. */
  RESTORE,
  /** Deletes it. */
  DELETE
}
