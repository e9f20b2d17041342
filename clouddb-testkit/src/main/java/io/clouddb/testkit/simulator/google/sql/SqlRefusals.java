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

  /** Of what has failed, which no wait mends. */
  static GoogleRefusal invalidState() {
    return new GoogleRefusal(
        409,
        "invalidState",
        "The instance or operation is not in an appropriate state to handle the request.");
  }

  static GoogleRefusal noInstance() {
    return new GoogleRefusal(404, "instanceDoesNotExist", "The Cloud SQL instance does not exist.");
  }

  /** As callers have met it: GoogleCloudPlatform/k8s-config-connector, issue 560. */
  static GoogleRefusal invalidRequest() {
    return new GoogleRefusal(400, "invalidRequest", "The incoming request contained invalid data.");
  }

  /**
   * What an instance of its kind does not do; the reason is that of hashicorp/terraform, issue
   * 8025.
   */
  static GoogleRefusal invalidOperation() {
    return new GoogleRefusal(
        400, "invalidOperation", "This operation is not valid for this instance.");
  }

  /** As callers have met it: GoogleCloudPlatform/gcp-service-broker, issue 466. */
  static GoogleRefusal hasReplicas() {
    return new GoogleRefusal(
        400,
        "errorReplicationMasterInvalidOperation",
        "The requested operation is not valid for a replication master instance.");
  }
}
