/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import java.util.Set;
import software.amazon.awssdk.services.rds.model.DBSnapshot;

/** What RDS says of a DB snapshot: {@code DBSnapshot} in the API Reference. */
final class SnapshotView {
  /** The values of {@code SnapshotType} that are meant here. */
  static final String AUTOMATED = "automated";

  static final String MANUAL = "manual";
  static final String AWS_BACKUP = "awsbackup";

  static final String AVAILABLE = "available";
  static final String DELETING = "deleting";

  /** It is queued, or its data are on their way. */
  private static final Set<String> COMING = Set.of("creating", "pending", "copying");

  private SnapshotView() {}

  static boolean isComing(DBSnapshot snapshot) {
    return COMING.contains(snapshot.status());
  }

  static boolean isAvailable(DBSnapshot snapshot) {
    return AVAILABLE.equals(snapshot.status());
  }

  /** Whether RDS has taken it by itself. */
  static boolean isAutomated(DBSnapshot snapshot) {
    return AUTOMATED.equals(snapshot.snapshotType());
  }
}
