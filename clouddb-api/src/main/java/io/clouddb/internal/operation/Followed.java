/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.operation;

/** What the scheduler polls. */
interface Followed {
  /** One look; never two at the same time, since each schedules the next. */
  void poll();

  /** Tells whoever waits that nobody follows it any more. */
  void abandon();
}
