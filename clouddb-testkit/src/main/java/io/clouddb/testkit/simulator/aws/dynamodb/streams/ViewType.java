/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.streams;

/** What a record of a stream says of an item. */
public enum ViewType {
  /** Its key. */
  KEYS_ONLY(false, false),
  /** What it is. */
  NEW_IMAGE(true, false),
  /** What it was. */
  OLD_IMAGE(false, true),
  /** Both. */
  NEW_AND_OLD_IMAGES(true, true);

  private final boolean showsNew;
  private final boolean showsOld;

  ViewType(boolean showsNew, boolean showsOld) {
    this.showsNew = showsNew;
    this.showsOld = showsOld;
  }

  boolean showsNew() {
    return showsNew;
  }

  boolean showsOld() {
    return showsOld;
  }
}
