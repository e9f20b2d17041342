/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.ResourceId;
import io.clouddb.table.TableDescription;
import io.clouddb.table.TableStatus;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.LocalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.ReplicaDescription;

/** What DynamoDB says of tables, in portable terms. */
final class TableView {
  static final String KIND = "table";
  private static final int ACCOUNT_OF_ARN = 4;

  private final String provider;
  private final Supplier<String> account;

  TableView(String provider, Supplier<String> account) {
    this.provider = provider;
    this.account = account;
  }

  /** A table is of no one region, and has an ARN in each of them. */
  ResourceId id(String name) {
    return id(name, account.get());
  }

  private ResourceId id(String name, String its) {
    return ResourceId.of(provider, its, ResourceId.GLOBAL, KIND, name);
  }

  TableDescription describe(LiveTable live) {
    software.amazon.awssdk.services.dynamodb.model.TableDescription table = live.table();
    TableDescription.Builder description =
        TableDescription.builder(
                id(table.tableName(), account(table.tableArn())),
                status(table.tableStatusAsString()),
                LiveSpec.of(live),
                table)
            .createdAt(table.creationDateTime())
            .content(table.itemCount(), table.tableSizeBytes());
    for (ReplicaDescription replica : table.replicas()) {
      TableStatus status = status(replica.replicaStatusAsString());
      boolean out = status == TableStatus.ACTIVE && live.out().containsKey(replica.regionName());
      description.region(replica.regionName(), out ? TableStatus.INACCESSIBLE : status);
    }
    description.region(live.home(), status(table.tableStatusAsString()));
    for (GlobalSecondaryIndexDescription index : table.globalSecondaryIndexes()) {
      description.index(index.indexName(), status(index.indexStatusAsString()));
    }
    for (LocalSecondaryIndexDescription index : table.localSecondaryIndexes()) {
      description.index(index.indexName(), TableStatus.ACTIVE);
    }
    return description.build();
  }

  private String account(@Nullable String arn) {
    String[] parts = arn == null ? new String[0] : arn.split(":", -1);
    return parts.length > ACCOUNT_OF_ARN && !parts[ACCOUNT_OF_ARN].isEmpty()
        ? parts[ACCOUNT_OF_ARN]
        : account.get();
  }

  /** The statuses of tables, of indexes and of replicas; what has none of its own rests. */
  static TableStatus status(@Nullable String status) {
    return switch (status == null ? "ACTIVE" : status) {
      case "ACTIVE" -> TableStatus.ACTIVE;
      case "CREATING" -> TableStatus.CREATING;
      case "UPDATING" -> TableStatus.UPDATING;
      case "DELETING" -> TableStatus.DELETING;
      default -> TableStatus.INACCESSIBLE;
    };
  }
}
