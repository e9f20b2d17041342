/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import java.util.Objects;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceReadReplicaRequest;
import software.amazon.awssdk.services.rds.model.DBInstance;

/** The disk of a replica: as its source's, as far as the caller names no other. */
final class ReplicaDisk {
  private ReplicaDisk() {}

  /**
   * Adds what the caller has not named. A type that the caller names comes with the caller's own
   * values alone.
   *
   * @param source the source as it is
   * @param request what is to be sent
   */
  static void like(DBInstance source, CreateDbInstanceReadReplicaRequest.Builder request) {
    CreateDbInstanceReadReplicaRequest asked = request.build();
    String type = source.storageType();
    if (type == null || !type.equals(Objects.requireNonNullElse(asked.storageType(), type))) {
      return;
    }
    int gib =
        CopiedDisk.atLeast(
            0,
            asked.allocatedStorage() == null
                ? source.allocatedStorage()
                : asked.allocatedStorage());
    CopiedDisk disk = new CopiedDisk(type, gib, source.iops(), source.storageThroughput());
    request.storageType(type);
    if (asked.iops() == null) {
      request.iops(disk.iops());
    }
    if (asked.storageThroughput() == null) {
      request.storageThroughput(disk.throughput());
    }
  }
}
