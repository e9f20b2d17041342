/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.aws.internal.StrangeAnswerException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.NotFoundException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.services.rds.model.CopyDbSnapshotRequest;
import software.amazon.awssdk.services.rds.model.CreateDbSnapshotRequest;
import software.amazon.awssdk.services.rds.model.DBSnapshot;
import software.amazon.awssdk.services.rds.model.DescribeDbSnapshotsRequest;
import software.amazon.awssdk.services.rds.model.DescribeDbSnapshotsResponse;
import software.amazon.awssdk.services.rds.model.RdsResponse;

/** The requests about DB snapshots of one region. */
final class SnapshotCalls {
  /** The most that RDS gives. */
  private static final int PAGE_SIZE = 100;

  /** Names of a kind of snapshot that RDS shows only when it is asked for: no caller's own. */
  private static final String AUTOMATED_NAMES = "rds:";

  private static final String OF_AWS_BACKUP = "awsbackup:";

  private final RdsCalls rds;

  SnapshotCalls(RdsCalls rds) {
    this.rds = rds;
  }

  /** What a request is about, for errors. */
  String where(String name) {
    return rds.where(name);
  }

  /** Whether a name is one that RDS gives to its automated snapshots. */
  static boolean isAutomated(String name) {
    return name.startsWith(AUTOMATED_NAMES);
  }

  Optional<DBSnapshot> find(String name) {
    try {
      return rds
          .reads()
          .repeatable(
              "rds.DescribeDBSnapshots",
              where(name),
              () -> {
                List<DBSnapshot> found =
                    RdsCalls.answered(rds.client().describeDBSnapshots(named(name))).dbSnapshots();
                if (found.isEmpty()) {
                  // By name there is one, or DBSnapshotNotFound.
                  throw new StrangeAnswerException("neither a snapshot nor that there is none");
                }
                return found;
              })
          .stream()
          .findFirst();
    } catch (NotFoundException e) {
      return Optional.empty();
    }
  }

  /**
   * The API Reference: "If this identifier is for an automated snapshot, the SnapshotType parameter
   * must also be specified."
   */
  private static DescribeDbSnapshotsRequest named(String name) {
    DescribeDbSnapshotsRequest.Builder request =
        DescribeDbSnapshotsRequest.builder().dbSnapshotIdentifier(name);
    if (isAutomated(name)) {
      request.snapshotType(SnapshotView.AUTOMATED);
    } else if (name.startsWith(OF_AWS_BACKUP)) {
      request.snapshotType(SnapshotView.AWS_BACKUP);
    }
    return request.build();
  }

  DBSnapshot get(String name) {
    return find(name)
        .orElseThrow(
            () ->
                ErrorDetails.of(ErrorCategory.NOT_FOUND, "There is no DB snapshot " + where(name))
                    .operation("rds.DescribeDBSnapshots")
                    .resource(where(name))
                    .providerCode("DBSnapshotNotFound")
                    .toException());
  }

  DescribeDbSnapshotsResponse page(DescribeDbSnapshotsRequest.Builder request) {
    DescribeDbSnapshotsRequest asked = request.maxRecords(PAGE_SIZE).build();
    return rds.reads()
        .repeatable(
            "rds.DescribeDBSnapshots",
            where("-"),
            () -> RdsCalls.answered(rds.client().describeDBSnapshots(asked)));
  }

  /** Gives what the answer describes; empty when it describes nothing. */
  Optional<DBSnapshot> create(CreateDbSnapshotRequest request) {
    return Optional.ofNullable(
        answer(
                "rds.CreateDBSnapshot",
                request.dbSnapshotIdentifier(),
                () -> rds.client().createDBSnapshot(request))
            .dbSnapshot());
  }

  /** Gives what the answer describes; empty when it describes nothing. */
  Optional<DBSnapshot> copy(CopyDbSnapshotRequest request) {
    return Optional.ofNullable(
        answer(
                "rds.CopyDBSnapshot",
                request.targetDBSnapshotIdentifier(),
                () -> rds.client().copyDBSnapshot(request))
            .dbSnapshot());
  }

  void delete(String name) {
    // What the service answers is looked at by the next look.
    Object unused =
        answer(
            "rds.DeleteDBSnapshot",
            name,
            () -> rds.client().deleteDBSnapshot(request -> request.dbSnapshotIdentifier(name)));
  }

  private <T extends RdsResponse> T answer(String operation, String name, Supplier<T> call) {
    return rds.changes().once(operation, where(name), () -> RdsCalls.answered(call.get()));
  }
}
