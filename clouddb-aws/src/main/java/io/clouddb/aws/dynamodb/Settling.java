/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.workflow.Look;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.IndexStatus;
import software.amazon.awssdk.services.dynamodb.model.ReplicaDescription;
import software.amazon.awssdk.services.dynamodb.model.ReplicaStatus;
import software.amazon.awssdk.services.dynamodb.model.SSEStatus;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;

/**
 * Whether anything of a table goes on. DynamoDB takes one change of a table at a time, and the
 * SDK's waiters look at the table alone, not at its indexes and replicas.
 */
final class Settling {
  private Settling() {}

  /**
   * What goes on, or that the table has failed there; empty when the table, its indexes and
   * replicas rest. A replica elsewhere that has failed rests, and keeps nobody from changing the
   * others or from removing it.
   */
  static Optional<Look> unsettled(TableDescription table, String region) {
    String where = table.tableName() + " in " + region;
    TableStatus status = table.tableStatus();
    if (status == TableStatus.CREATING || status == TableStatus.UPDATING) {
      return Optional.of(Look.going(where + " is " + status));
    }
    if (status != TableStatus.ACTIVE) {
      return Optional.of(failed(where, table.tableStatusAsString(), null));
    }
    for (GlobalSecondaryIndexDescription index : table.globalSecondaryIndexes()) {
      if (index.indexStatus() != null && index.indexStatus() != IndexStatus.ACTIVE) {
        return Optional.of(
            Look.going(
                "index " + index.indexName() + " of " + where + " is " + index.indexStatus()));
      }
    }
    if (isBeingEncrypted(table)) {
      return Optional.of(Look.going("the encryption of " + where + " is being changed"));
    }
    for (ReplicaDescription replica : table.replicas()) {
      Optional<Look> unsettled = unsettled(replica).filter(Look.Going.class::isInstance);
      if (unsettled.isPresent()) {
        return unsettled;
      }
    }
    return Optional.empty();
  }

  /** Whether its key is being changed. */
  static boolean isBeingEncrypted(TableDescription table) {
    SSEStatus status = table.sseDescription() == null ? null : table.sseDescription().status();
    return status == SSEStatus.ENABLING
        || status == SSEStatus.DISABLING
        || status == SSEStatus.UPDATING;
  }

  static Optional<Look> unsettled(ReplicaDescription replica) {
    ReplicaStatus status = replica.replicaStatus();
    String where = "the replica in " + replica.regionName();
    if (status == ReplicaStatus.CREATING
        || status == ReplicaStatus.UPDATING
        || status == ReplicaStatus.DELETING) {
      String percent = replica.replicaStatusPercentProgress();
      return Optional.of(
          Look.going(where + " is " + status + (percent == null ? "" : ", " + percent + " %")));
    }
    return status == ReplicaStatus.ACTIVE
        ? Optional.empty()
        : Optional.of(
            failed(where, replica.replicaStatusAsString(), replica.replicaStatusDescription()));
  }

  private static Look failed(String where, String status, @Nullable String why) {
    return Look.failed(
        ErrorDetails.of(
                ErrorCategory.CONDITION_FAILED,
                where + " is " + status + (why == null ? "" : ": " + why))
            .operation("dynamodb.DescribeTable")
            .resource(where)
            .nextStep(
                status.startsWith("INACCESSIBLE")
                    ? "Give DynamoDB the use of its KMS key back."
                    : null)
            .toException());
  }
}
