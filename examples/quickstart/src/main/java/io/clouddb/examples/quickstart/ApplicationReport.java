/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.quickstart;

import io.clouddb.examples.quickstart.application.ApplicationStatus;
import io.clouddb.examples.quickstart.ledger.LedgerResult;

/**
 * What the application saw, and what became of its writes.
 *
 * @param watched whether there was an application of ours at all
 * @param status what it saw
 * @param writes what became of its writes
 */
record ApplicationReport(boolean watched, ApplicationStatus status, LedgerResult writes) {
  /** Of an application that is not ours. */
  static final ApplicationReport NONE =
      new ApplicationReport(false, ApplicationStatus.NONE, new LedgerResult(0, 0, 0, 0, 0));

  boolean faultless() {
    return status.errors() == 0 && writes.lost() == 0 && writes.duplicated() == 0;
  }
}
