/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.plan;

/** What is done with something that is there and differs from its spec. */
public enum OnDrift {
  /** An error names the differences; nothing is changed. */
  FAIL,
  /** It is taken as it is. */
  KEEP,
  /**
   * It is changed to what the spec says; an error names what cannot be changed, before any call.
   * One that is stopped and differs is an error too, before any change: start it first.
   */
  APPLY
}
