/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.NotFoundException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.ContinuousBackupsDescription;
import software.amazon.awssdk.services.dynamodb.model.ReplicaDescription;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveDescription;

/** Reads a table in all its regions, by all the actions that tell something of it. */
final class LiveReader {
  private final RegionalCalls regions;

  LiveReader(RegionalCalls regions) {
    this.regions = regions;
  }

  Optional<LiveTable> find(String name) {
    Optional<TableDescription> found = described(name);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(read(name, found.get()));
    } catch (NotFoundException e) {
      // It went meanwhile; what is there still has to be read.
      return described(name)
          .map(
              table -> {
                if (isPassing(table)) {
                  return passing(table);
                }
                throw e;
              });
    }
  }

  private Optional<TableDescription> described(String name) {
    return regions
        .home()
        .find(name)
        // Of one that goes, DynamoDB soon tells no more than its name.
        .filter(table -> !table.keySchema().isEmpty());
  }

  /**
   * Whether it is only being made, or goes: of such a one, or of a replica, DynamoDB answers no
   * more than DescribeTable. Its tags, its backups and its time to live are not to be found yet, or
   * no longer.
   */
  static boolean isPassing(TableDescription table) {
    return table.tableStatus() == TableStatus.CREATING
        || table.tableStatus() == TableStatus.DELETING;
  }

  private LiveTable passing(TableDescription table) {
    return new LiveTable(
        regions.homeName(),
        Map.of(regions.homeName(), bare(table)),
        Map.of(),
        TimeToLiveDescription.builder().build());
  }

  private static LiveTable.Copy bare(TableDescription table) {
    return new LiveTable.Copy(
        table, Map.of(), ContinuousBackupsDescription.builder().build(), Map.of());
  }

  private LiveTable read(String name, TableDescription table) {
    if (isPassing(table)) {
      return passing(table);
    }
    Map<String, LiveTable.Copy> copies = new TreeMap<>();
    Map<String, CloudDbException> out = new TreeMap<>();
    copies.put(regions.homeName(), copy(regions.homeName(), name, table));
    for (ReplicaDescription replica : table.replicas()) {
      String region = replica.regionName();
      if (!region.equals(regions.homeName())) {
        try {
          there(region, name).ifPresent(copy -> copies.put(region, copy));
        } catch (CloudDbException e) {
          if (!RegionalCalls.isOut(e)) {
            throw e;
          }
          out.put(region, e);
        }
      }
    }
    return new LiveTable(regions.homeName(), copies, out, regions.home().timeToLive(name));
  }

  private Optional<LiveTable.Copy> there(String region, String name) {
    try {
      return regions.in(region).find(name).map(table -> copy(region, name, table));
    } catch (NotFoundException e) {
      // The replica went meanwhile.
      return Optional.empty();
    }
  }

  private LiveTable.Copy copy(String region, String name, TableDescription table) {
    if (isPassing(table)) {
      return bare(table);
    }
    ControlCalls calls = regions.in(region);
    return new LiveTable.Copy(
        table,
        calls.tags(name, table.tableArn()),
        calls.backups(name),
        isOnDemand(table)
            ? Map.of()
            : regions.scaling(region).targets(name, LiveTable.indexes(table)));
  }

  static boolean isOnDemand(TableDescription table) {
    return table.billingModeSummary() != null
        && table.billingModeSummary().billingMode() == BillingMode.PAY_PER_REQUEST;
  }
}
