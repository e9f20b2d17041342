/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.instance;

/** What an instance is doing. */
public enum InstanceState {
  /** It is being made and cannot be used yet. */
  CREATING,
  /** It can be used. */
  AVAILABLE,
  /** It is being changed; it may be usable meanwhile. */
  MODIFYING,
  /** It is being started or restarted. */
  STARTING,
  /** It is being stopped. */
  STOPPING,
  /** It is stopped and can be started. */
  STOPPED,
  /** It is being deleted. */
  DELETING,
  /** It failed; the vendor's console says why. */
  FAILED,
  /** The vendor reports a state that this release does not know; unwrap the vendor's object. */
  OTHER
}
