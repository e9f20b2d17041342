/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.google.sql;

import io.clouddb.testkit.simulator.google.GoogleRefusal;

/** Refusals of Cloud SQL that several of its methods have. */
final class SqlRefusals {
  private SqlRefusals() {}

  static GoogleRefusal busy() {
    return new GoogleRefusal(
        409,
        "operationInProgress",
        "Operation failed because another operation was already in progress. Try your request"
            + " after the current operation is complete.");
  }

  static GoogleRefusal noInstance() {
    return new GoogleRefusal(404, "instanceDoesNotExist", "The Cloud SQL instance does not exist.");
  }
}
