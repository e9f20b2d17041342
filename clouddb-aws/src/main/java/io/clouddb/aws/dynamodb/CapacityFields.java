/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import static io.clouddb.aws.dynamodb.TableFields.CREATE;

import io.clouddb.spi.mapping.Asked;
import io.clouddb.spi.mapping.FieldRow;
import io.clouddb.table.Capacity;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.IndexSpec;
import io.clouddb.table.TableChange;
import io.clouddb.table.TableField;
import io.clouddb.table.Throughput;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;

/** What is provisioned, and what scales it. */
final class CapacityFields {
  private static final String SCALING = "RegisterScalableTarget, PutScalingPolicy";

  private CapacityFields() {}

  static List<FieldRow<?, LiveTable>> rows() {
    return List.of(throughput(), indexThroughput());
  }

  private static FieldRow<Throughput, LiveTable> throughput() {
    return FieldRow.<Throughput, LiveTable>of(
            TableField.THROUGHPUT, Throughput.class, "ProvisionedThroughput")
        .vendorField(
            asked ->
                asked
                    .value(TableField.THROUGHPUT, Throughput.class)
                    .map(CapacityFields::vendorField)
                    .orElse("BillingMode"))
        .only(
            "Writes autoscaled, or all on demand, where there are several regions",
            (throughput, asked) ->
                isReplicated(asked) ? fixedWrites(throughput, "the table") : Optional.empty(),
            "writes by Capacity.autoscale(...), or Throughput.onDemand()")
        .only(
            "Scaled up to " + Integer.MAX_VALUE + " units, with pauses of as many seconds",
            (throughput, asked) -> beyond(throughput),
            "fewer units or shorter pauses")
        .to(
            CREATE,
            (request, throughput, asked) -> {
              if (!throughput.isOnDemand()) {
                request
                    .billingMode(BillingMode.PROVISIONED)
                    .provisionedThroughput(Schemas.units(throughput));
              }
            })
        .from(CapacityFields::actual)
        .same((wanted, actual, asked) -> actual instanceof Throughput its && same(wanted, its))
        .build();
  }

  private static String vendorField(Throughput throughput) {
    if (throughput.isOnDemand()) {
      return "BillingMode";
    }
    boolean scaled =
        throughput.reads().filter(Capacity::autoscaled).isPresent()
            || throughput.writes().filter(Capacity::autoscaled).isPresent();
    return scaled ? "ProvisionedThroughput, " + SCALING : "ProvisionedThroughput";
  }

  private static boolean isReplicated(Asked asked) {
    return asked.specification() instanceof GlobalTableSpec spec
        ? spec.regions().size() > 1
        : !((TableChange) asked.specification()).addedRegions().isEmpty();
  }

  /** "Table write capacity should either be Pay-Per-Request or AutoScaled": DynamoDB's words. */
  static Optional<String> fixedWrites(Throughput throughput, String what) {
    return throughput.writes().filter(writes -> !writes.autoscaled()).isPresent()
        ? Optional.of(
            "DynamoDB replicates a table only with writes that are on demand or autoscaled, and"
                + " those of "
                + what
                + " are fixed")
        : Optional.empty();
  }

  /** Application Auto Scaling has both as integers of 32 bits. */
  private static Optional<String> beyond(Throughput throughput) {
    return Stream.of(throughput.reads(), throughput.writes())
        .flatMap(Optional::stream)
        .filter(Capacity::autoscaled)
        .filter(
            capacity ->
                capacity.maximum() > Integer.MAX_VALUE
                    || Stream.of(capacity.scaleInCooldown(), capacity.scaleOutCooldown())
                        .flatMap(Optional::stream)
                        .anyMatch(pause -> pause.toSeconds() > Integer.MAX_VALUE))
        .findFirst()
        .map(capacity -> "Application Auto Scaling does not scale by " + capacity);
  }

  /** That of the table, of which all indexes without one of their own have the same. */
  private static Optional<?> actual(LiveTable live, Asked asked) {
    GlobalTableSpec spec = (GlobalTableSpec) asked.specification();
    List<String> following = new ArrayList<>();
    following.add("");
    spec.indexes().stream()
        .filter(index -> !index.isLocal() && index.throughput().isEmpty())
        .map(IndexSpec::name)
        .filter(LiveTable.indexes(live.table())::contains)
        .forEach(following::add);
    Throughput wanted = spec.throughput().orElseThrow();
    Optional<?> table = common(live, "", wanted);
    for (String index : following) {
      Optional<?> its = common(live, index, wanted);
      if (!(its.orElseThrow() instanceof Throughput own) || !same(wanted, own)) {
        return index.isEmpty() ? its : Optional.of("of " + index + ": " + its.get());
      }
    }
    return table;
  }

  /** What it is in all regions; where each has what is wanted, what is wanted. */
  private static Optional<?> common(LiveTable live, String index, Throughput wanted) {
    return live.common(
        copy ->
            LiveTable.indexes(copy.table()).contains(index) || index.isEmpty()
                ? Optional.of(asWanted(wanted, copy, index))
                : Optional.empty());
  }

  private static Object asWanted(Throughput wanted, LiveTable.Copy copy, String index) {
    Throughput actual = LiveSpec.throughput(copy, index);
    Optional<String> peculiar = LiveSpec.peculiar(copy, index);
    if (peculiar.isPresent()) {
      return actual + ", and " + peculiar.get();
    }
    return same(wanted, actual) ? wanted : actual;
  }

  static boolean same(Throughput wanted, Throughput actual) {
    return wanted.isOnDemand() == actual.isOnDemand()
        && (wanted.isOnDemand()
            || (same(wanted.reads().orElseThrow(), actual.reads().orElseThrow())
                && same(wanted.writes().orElseThrow(), actual.writes().orElseThrow())));
  }

  /** Pauses that are left to the service are not compared. */
  static boolean same(Capacity wanted, Capacity actual) {
    return wanted.minimum() == actual.minimum()
        && wanted.maximum() == actual.maximum()
        && wanted.target().equals(actual.target())
        && (wanted.scaleInCooldown().isEmpty()
            || wanted.scaleInCooldown().equals(actual.scaleInCooldown()))
        && (wanted.scaleOutCooldown().isEmpty()
            || wanted.scaleOutCooldown().equals(actual.scaleOutCooldown()));
  }

  private static FieldRow<Map<String, Throughput>, LiveTable> indexThroughput() {
    return FieldRow.<Map<String, Throughput>, LiveTable>of(
            TableField.INDEX_THROUGHPUT,
            Types.THROUGHPUTS,
            "GlobalSecondaryIndexes ProvisionedThroughput")
        .only(
            "Provisioned, as the table",
            (throughputs, asked) ->
                throughputs.entrySet().stream()
                    .filter(entry -> entry.getValue().isOnDemand())
                    .findFirst()
                    .map(
                        entry ->
                            "an index is on demand when its table is, and "
                                + entry.getKey()
                                + " cannot be alone"),
            "Throughput.onDemand() of the whole table")
        .only(
            "Of global indexes",
            (throughputs, asked) -> ofLocal(asked),
            "none: a local index takes that of its table")
        .only(
            "Writes autoscaled where there are several regions",
            (throughputs, asked) ->
                isReplicated(asked)
                    ? throughputs.entrySet().stream()
                        .flatMap(entry -> fixedWrites(entry.getValue(), entry.getKey()).stream())
                        .findFirst()
                    : Optional.empty(),
            "writes by Capacity.autoscale(...)")
        .only(
            "Scaled up to " + Integer.MAX_VALUE + " units, with pauses of as many seconds",
            (throughputs, asked) ->
                throughputs.values().stream().flatMap(one -> beyond(one).stream()).findFirst(),
            "fewer units or shorter pauses")
        .from(CapacityFields::actualOfIndexes)
        .build();
  }

  private static Optional<String> ofLocal(Asked asked) {
    return asked.specification() instanceof GlobalTableSpec spec
        ? spec.indexes().stream()
            .filter(index -> index.isLocal() && index.throughput().isPresent())
            .findFirst()
            .map(index -> "the local index " + index.name() + " has none of its own")
        : Optional.empty();
  }

  private static Optional<?> actualOfIndexes(LiveTable live, Asked asked) {
    Map<String, Throughput> wanted =
        asked.value(TableField.INDEX_THROUGHPUT, Types.THROUGHPUTS).orElseThrow();
    Map<String, Object> found = new TreeMap<>();
    boolean same = true;
    for (Map.Entry<String, Throughput> entry : wanted.entrySet()) {
      Object actual =
          LiveTable.indexes(live.table()).contains(entry.getKey())
              ? common(live, entry.getKey(), entry.getValue())
                  .map(Object.class::cast)
                  .orElse("none")
              : "none";
      found.put(entry.getKey(), actual);
      same &= actual.equals(entry.getValue());
    }
    return Optional.of(same ? wanted : found);
  }
}
