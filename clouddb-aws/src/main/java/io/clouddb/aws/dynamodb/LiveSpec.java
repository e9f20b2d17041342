/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.table.Capacity;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.IndexSpec;
import io.clouddb.table.TableClass;
import io.clouddb.table.TableConsistency;
import io.clouddb.table.TableRegion;
import io.clouddb.table.Throughput;
import io.clouddb.table.TimeToLive;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.LocalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.MultiRegionConsistency;
import software.amazon.awssdk.services.dynamodb.model.PointInTimeRecoveryDescription;
import software.amazon.awssdk.services.dynamodb.model.PointInTimeRecoveryStatus;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputDescription;
import software.amazon.awssdk.services.dynamodb.model.SSEDescription;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

/** What a table is, in portable terms, as DynamoDB tells it. */
final class LiveSpec {
  static final int USUAL_DAYS = 35;
  private static final String OWN = "clouddb";
  private static final int LEAST_PERCENT = 10;
  private static final int MOST_PERCENT = 90;

  private LiveSpec() {}

  /**
   * The whole of it. What regions have each on their own is told as the home region has it. What no
   * spec may ask for, and others have made nevertheless, is told as what is nearest to it, or left
   * out: the vendor's own description has it as it is.
   */
  static GlobalTableSpec of(LiveTable live) {
    TableDescription table = live.table();
    LiveTable.Copy home = live.copy(live.home());
    GlobalTableSpec.Builder spec =
        GlobalTableSpec.builder(
            table.tableName(), Schemas.key(table.keySchema(), table.attributeDefinitions()));
    Throughput throughput = throughput(home, "");
    for (IndexSpec index : indexes(live, throughput)) {
      spec.index(index.throughput().map(own -> index.throughput(nearest(own))).orElse(index));
    }
    regions(live).forEach(spec::region);
    spec.consistency(isStrong(table) ? TableConsistency.GLOBAL : TableConsistency.REGIONAL);
    spec.throughput(nearest(throughput));
    timeToLive(live.timeToLive()).filter(ttl -> !isOfKey(ttl, table)).ifPresent(spec::timeToLive);
    images(table).ifPresent(spec::changeFeed);
    spec.deletionProtection(protection(home).orElse(false));
    days(home).ifPresent(spec::pointInTimeRecoveryDays);
    spec.tableClass(tableClass(table));
    tags(home).forEach(spec::tag);
    return spec.build();
  }

  /** By an attribute of the table's key, or one that is no number in an index's. */
  private static boolean isOfKey(TimeToLive ttl, TableDescription table) {
    String by = ttl.attribute().orElse("");
    return table.keySchema().stream().anyMatch(part -> part.attributeName().equals(by))
        || table.attributeDefinitions().stream()
            .anyMatch(
                attribute ->
                    attribute.attributeName().equals(by)
                        && attribute.attributeType() != ScalarAttributeType.N);
  }

  private static Throughput nearest(Throughput throughput) {
    return throughput.isOnDemand()
        ? throughput
        : Throughput.reads(nearest(throughput.reads().orElseThrow()))
            .writes(nearest(throughput.writes().orElseThrow()));
  }

  private static Capacity nearest(Capacity capacity) {
    if (!capacity.autoscaled()) {
      return capacity;
    }
    int percent = capacity.target().orElseThrow();
    Capacity allowed =
        Capacity.autoscale(capacity.minimum(), capacity.maximum())
            .target(Math.min(Math.max(percent, LEAST_PERCENT), MOST_PERCENT));
    Optional<Duration> in = capacity.scaleInCooldown();
    Optional<Duration> out = capacity.scaleOutCooldown();
    return in.isPresent() && out.isPresent()
        ? allowed.cooldowns(notNegative(in.get()), notNegative(out.get()))
        : allowed;
  }

  private static Duration notNegative(Duration pause) {
    return pause.isNegative() ? Duration.ZERO : pause;
  }

  static boolean isStrong(TableDescription table) {
    return table.multiRegionConsistency() == MultiRegionConsistency.STRONG;
  }

  /**
   * The home region first: DynamoDB does not tell which one the table was made in. A replica that
   * has no table, yet or ever, is there nevertheless.
   */
  static List<TableRegion> regions(LiveTable live) {
    Map<String, TableRegion> all = new TreeMap<>();
    live.table()
        .replicas()
        .forEach(replica -> all.put(replica.regionName(), TableRegion.of(replica.regionName())));
    live.copies().forEach((name, copy) -> all.put(name, region(name, copy)));
    List<TableRegion> ordered = new ArrayList<>();
    ordered.add(region(live.home(), live.copy(live.home())));
    all.remove(live.home());
    ordered.addAll(all.values());
    return ordered;
  }

  private static TableRegion region(String name, LiveTable.Copy copy) {
    TableRegion region = TableRegion.of(name);
    return key(copy).map(region::key).orElse(region);
  }

  /** Told only where it is a key of KMS; an AWS owned one is no part of a description. */
  static Optional<String> key(LiveTable.Copy copy) {
    return Optional.ofNullable(copy.table().sseDescription()).map(SSEDescription::kmsMasterKeyArn);
  }

  static List<IndexSpec> indexes(LiveTable live, Throughput ofTable) {
    TableDescription table = live.table();
    List<IndexSpec> all = new ArrayList<>();
    for (GlobalSecondaryIndexDescription index : table.globalSecondaryIndexes()) {
      IndexSpec spec =
          IndexSpec.of(
                  index.indexName(), Schemas.key(index.keySchema(), table.attributeDefinitions()))
              .projecting(Schemas.projection(index.projection()));
      Throughput own = throughput(live.copy(live.home()), index.indexName());
      all.add(own.equals(ofTable) ? spec : spec.throughput(own));
    }
    for (LocalSecondaryIndexDescription index : table.localSecondaryIndexes()) {
      all.add(
          IndexSpec.of(
                  index.indexName(), Schemas.key(index.keySchema(), table.attributeDefinitions()))
              .projecting(Schemas.projection(index.projection()))
              .local());
    }
    return all;
  }

  /** That of the table, for an empty name, or of an index. */
  static Throughput throughput(LiveTable.Copy copy, String index) {
    TableDescription table = copy.table();
    if (LiveReader.isOnDemand(table)) {
      return Throughput.onDemand();
    }
    ProvisionedThroughputDescription units =
        index.isEmpty()
            ? table.provisionedThroughput()
            : table.globalSecondaryIndexes().stream()
                .filter(one -> one.indexName().equals(index))
                .findFirst()
                .orElseThrow()
                .provisionedThroughput();
    return Throughput.reads(capacity(copy, index, false, units.readCapacityUnits()))
        .writes(capacity(copy, index, true, units.writeCapacityUnits()));
  }

  private static Capacity capacity(
      LiveTable.Copy copy, String index, boolean writes, long provisioned) {
    ScalingClient.Target target =
        copy.targets().get(new Scaled(copy.table().tableName(), index, writes));
    // A target without a policy holds limits and scales nothing.
    if (target == null || target.policies().isEmpty()) {
      return Capacity.fixed(Math.max(1, provisioned));
    }
    ScalingClient.Policy policy = target.policies().values().iterator().next();
    Capacity capacity =
        Capacity.autoscale(target.least(), target.most())
            .target((int) Math.round(policy.percent()));
    return policy.scaleIn() == null && policy.scaleOut() == null
        ? capacity
        : capacity.cooldowns(pause(policy.scaleIn()), pause(policy.scaleOut()));
  }

  /** What no capacity says of how the reads and writes of a table or an index are scaled. */
  static Optional<String> peculiar(LiveTable.Copy copy, String index) {
    List<String> all = new ArrayList<>();
    for (boolean writes : new boolean[] {false, true}) {
      ScalingClient.Target target =
          copy.targets().get(new Scaled(copy.table().tableName(), index, writes));
      if (target != null && !target.policies().isEmpty()) {
        ScalingClient.Policy policy = target.policies().values().iterator().next();
        String what = writes ? "writes" : "reads";
        if (target.suspended()) {
          all.add("the scaling of " + what + " is suspended");
        }
        if (policy.onlyOut()) {
          all.add(what + " are never scaled in");
        }
        if (policy.percent() != Math.rint(policy.percent())) {
          all.add(what + " aim at " + policy.percent() + " percent");
        }
      }
    }
    return all.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", all));
  }

  /** "The default value is 0 for Amazon DynamoDB": both cool-downs, in the API Reference. */
  private static Duration pause(@Nullable Integer seconds) {
    return Duration.ofSeconds(seconds == null ? 0 : seconds);
  }

  static Optional<TimeToLive> timeToLive(TimeToLiveDescription ttl) {
    boolean on =
        ttl.timeToLiveStatus() == TimeToLiveStatus.ENABLED
            || ttl.timeToLiveStatus() == TimeToLiveStatus.ENABLING;
    return on ? Optional.of(TimeToLive.at(ttl.attributeName())) : Optional.empty();
  }

  static Optional<io.clouddb.table.ChangeImages> images(TableDescription table) {
    return table.streamSpecification() != null
            && Boolean.TRUE.equals(table.streamSpecification().streamEnabled())
        ? Optional.of(Schemas.images(table.streamSpecification().streamViewType()))
        : Optional.empty();
  }

  static Optional<Boolean> protection(LiveTable.Copy copy) {
    return Optional.ofNullable(copy.table().deletionProtectionEnabled());
  }

  /** Empty where point-in-time recovery is off. */
  static Optional<Integer> days(LiveTable.Copy copy) {
    PointInTimeRecoveryDescription recovery = copy.backups().pointInTimeRecoveryDescription();
    return recovery != null
            && recovery.pointInTimeRecoveryStatus() == PointInTimeRecoveryStatus.ENABLED
        ? Optional.of(
            recovery.recoveryPeriodInDays() == null ? USUAL_DAYS : recovery.recoveryPeriodInDays())
        : Optional.empty();
  }

  static TableClass tableClass(TableDescription table) {
    return table.tableClassSummary() != null
            && table.tableClassSummary().tableClass()
                == software.amazon.awssdk.services.dynamodb.model.TableClass
                    .STANDARD_INFREQUENT_ACCESS
        ? TableClass.INFREQUENT_ACCESS
        : TableClass.STANDARD;
  }

  private static boolean isOwn(String key) {
    return key.regionMatches(true, 0, OWN, 0, OWN.length());
  }

  /** Those of its users: neither AWS' own nor this library's, such as that of a creation. */
  static Map<String, String> tags(LiveTable.Copy copy) {
    Map<String, String> all = new TreeMap<>(copy.tags());
    all.keySet().removeIf(key -> key.startsWith("aws:") || isOwn(key));
    return all;
  }
}
