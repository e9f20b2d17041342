/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.server;

/** What a simulated instance is doing. Each skin has its own words for it. */
public enum InstanceState {
  /** It is being made; its database does not run yet. */
  CREATING,
  /**
   * Its first backup is taken; its database runs. Only where {@link Timings#firstBackup} says so.
   */
  BACKING_UP,
  /** It runs, and takes changes. */
  AVAILABLE,
  /** It is being changed; its database runs as before until the change is done. */
  MODIFYING,
  /** It is about to restart. */
  REBOOTING,
  /** It is about to stop. */
  STOPPING,
  /** Its database does not run. */
  STOPPED,
  /** It is about to start. */
  STARTING,
  /** It is about to be deleted. */
  DELETING,
  /** Its database could not be started; it can only be changed, rebooted or deleted. */
  FAILED
}
