/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.DBSnapshot;

/** What only a look at a snapshot can tell of what is to be made of it. */
final class SnapshotUse {
  private SnapshotUse() {}

  /**
   * Says why a snapshot is of no use yet, or at all.
   *
   * @param snapshot the snapshot as it is
   * @param what what is to happen with it, for example {@code restored}
   * @return the reason; empty when there is none
   */
  static Optional<CloudDbException> refusal(DBSnapshot snapshot, String what) {
    String name = snapshot.dbSnapshotIdentifier();
    if (!"postgres".equals(snapshot.engine())) {
      return refused(
          snapshot,
          name + " is of " + snapshot.engine() + ", and only postgres is " + what + " here",
          null);
    }
    if (SnapshotView.isAvailable(snapshot)) {
      return Optional.empty();
    }
    return SnapshotView.isComing(snapshot)
        ? refused(
            snapshot,
            name + " is " + snapshot.status() + ": it cannot be " + what + " before it is made",
            "Wait until it is AVAILABLE: the operation that makes it ends then.")
        : refused(
            snapshot,
            name + " is " + snapshot.status() + ": it cannot be " + what,
            "Take another one, and delete this one when it is of no use.");
  }

  private static Optional<CloudDbException> refused(
      DBSnapshot snapshot, String message, @Nullable String nextStep) {
    return Optional.of(
        ErrorDetails.of(ErrorCategory.CONDITION_FAILED, message)
            .operation("rds.DescribeDBSnapshots")
            .resource(snapshot.dbSnapshotArn())
            .providerCode(snapshot.status())
            .nextStep(nextStep)
            .toException());
  }
}
