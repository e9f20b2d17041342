/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.instance;

/** What the instance survives without a hand. */
public enum Availability {
  /** One zone: the failure of the zone stops it. */
  ZONAL,
  /** A synchronous standby in another zone of the region takes over. */
  REGIONAL
}
