/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

/** What goes on with a table. */
enum Job {
  /** Its throughput is changed. */
  THROUGHPUT(true),
  /** It is switched between provisioned and on demand. */
  BILLING(true),
  /** Its stream is enabled or disabled. */
  STREAM(true),
  /** Its class is changed. */
  TABLE_CLASS(true),
  /** It is encrypted anew. */
  ENCRYPTION(false),
  /** It is prepared for more. */
  WARM(false),
  /** Room is made for an index, or an index is deleted. */
  INDEX(true),
  /** A replica is added, changed or removed, or something that all of them have. */
  GROUP(true);

  private final boolean shown;

  Job(boolean shown) {
    this.shown = shown;
  }

  /** Whether the table says that it is being updated. */
  boolean isShown() {
    return shown;
  }
}
