/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceReadReplicaRequest;
import software.amazon.awssdk.services.rds.model.DBInstance;

/**
 * The disk of a replica: as its source's, since RDS would take another. {@code
 * CreateDBInstanceReadReplica}, {@code StorageType}: "io1 if the Iops parameter is specified.
 * Otherwise, gp3". Of gp3 RDS takes {@code Iops} and {@code StorageThroughput} from 400 GiB on
 * only.
 */
final class ReplicaDisk {
  private static final String STRIPED = "gp3";

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
    request.storageType(type);
    boolean bought = type.startsWith("io");
    boolean striped = type.equals(STRIPED) && gib(source, asked) >= StorageGrowth.STRIPED_GIB;
    if ((bought || striped) && asked.iops() == null) {
      request.iops(atLeast(striped ? StorageGrowth.STRIPED_IOPS : 0, source.iops()));
    }
    if (striped && asked.storageThroughput() == null) {
      request.storageThroughput(
          atLeast(StorageGrowth.STRIPED_THROUGHPUT, source.storageThroughput()));
    }
  }

  private static int gib(DBInstance source, CreateDbInstanceReadReplicaRequest asked) {
    return atLeast(
        0, asked.allocatedStorage() == null ? source.allocatedStorage() : asked.allocatedStorage());
  }

  private static int atLeast(int least, @Nullable Integer value) {
    return value == null ? least : Math.max(least, value);
  }
}
