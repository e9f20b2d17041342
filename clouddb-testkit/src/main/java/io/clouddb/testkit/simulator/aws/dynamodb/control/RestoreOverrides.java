/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Members;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Validation;
import io.clouddb.testkit.simulator.tables.IndexDefinition;
import io.clouddb.testkit.simulator.tables.KeyAttribute;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** In what a restored table is to differ from the one that it was. */
final class RestoreOverrides {
  private static final String THROUGHPUT = "ProvisionedThroughputOverride";
  private static final String ON_DEMAND = "PAY_PER_REQUEST";

  private final TableBlueprint source;
  private final Members request;
  private final boolean onDemand;

  private RestoreOverrides(TableBlueprint source, Members request) {
    this.source = source;
    this.request = request;
    String billing = request.textOrNull("BillingModeOverride");
    this.onDemand = billing == null ? source.onDemand() : billing.equals(ON_DEMAND);
  }

  /** What a request says of a table. */
  static RestoreOverrides of(TableBlueprint source, Members request) {
    RestoreOverrides overrides = new RestoreOverrides(source, request);
    overrides.requireBillingFits();
    return overrides;
  }

  static AwsError invalid(String text) {
    return Validation.error("Invalid Request: " + text);
  }

  private void requireBillingFits() {
    String billing = request.textOrNull("BillingModeOverride");
    boolean throughput = request.has(THROUGHPUT);
    if (billing == null) {
      if (throughput && onDemand) {
        throw invalid("Cannot override ProvisionedThroughput unless BillingMode is PROVISIONED");
      }
    } else if (onDemand && throughput) {
      throw invalid(
          "Cannot override ProvisionedThroughput if BillingMode is overridden to PAY_PER_REQUEST");
    } else if (!onDemand && !throughput) {
      throw invalid(
          "Must override ProvisionedThroughput if BillingMode is overridden to PROVISIONED");
    }
  }

  boolean isOnDemand() {
    return onDemand;
  }

  Throughput throughput() {
    Members sent = request.membersOrNull(THROUGHPUT);
    if (sent != null) {
      return CapacityLimits.throughput(sent);
    }
    return onDemand ? new Throughput(0, 0) : new Throughput(source.reads(), source.writes());
  }

  OnDemandLimits limits() {
    Members sent = request.membersOrNull("OnDemandThroughputOverride");
    if (!onDemand) {
      return OnDemandLimits.NONE;
    }
    return sent == null
        ? source.limits()
        : new OnDemandLimits(
                sent.wholeOrNull("MaxReadRequestUnits"), sent.wholeOrNull("MaxWriteRequestUnits"))
            .or(source.limits());
  }

  /** The indexes that it keeps. */
  List<IndexDefinition> indexes() {
    List<IndexDefinition> kept = new ArrayList<>();
    kept.addAll(kept("LocalSecondaryIndexOverride", false));
    kept.addAll(kept("GlobalSecondaryIndexOverride", true));
    return kept;
  }

  private List<IndexDefinition> kept(String member, boolean global) {
    List<IndexDefinition> all =
        source.indexes().stream().filter(index -> index.global() == global).toList();
    if (!request.has(member)) {
      return all;
    }
    List<IndexDefinition> kept = new ArrayList<>();
    for (Members wanted : request.structures(member)) {
      kept.add(
          all.stream()
              .filter(index -> is(index, wanted))
              .findFirst()
              .orElseThrow(
                  () ->
                      invalid(
                          "Index "
                              + wanted.text("IndexName")
                              + " does not match a secondary index that existed in the source"
                              + " table and cannot be created during the restore operation")));
    }
    return kept;
  }

  private static boolean is(IndexDefinition index, Members wanted) {
    List<String> names =
        wanted.structures("KeySchema").stream().map(key -> key.text("AttributeName")).toList();
    Members projection = wanted.members("Projection");
    Set<String> included = new HashSet<>(projection.texts("NonKeyAttributes"));
    return index.name().equals(wanted.text("IndexName"))
        && index.keys().attributes().stream().map(KeyAttribute::name).toList().equals(names)
        && index.projection().name().equals(projection.textOrNull("ProjectionType"))
        && new HashSet<>(index.included()).equals(included);
  }

  /** What each global index is given. */
  Map<String, Throughput> indexThroughput() {
    Map<String, Throughput> all = new LinkedHashMap<>();
    source
        .indexUnits()
        .forEach(
            (name, units) ->
                all.put(
                    name,
                    onDemand
                        ? new Throughput(0, 0)
                        : new Throughput(units.reads(), units.writes())));
    for (Members wanted : request.structures("GlobalSecondaryIndexOverride")) {
      Members sent = wanted.membersOrNull("ProvisionedThroughput");
      if (sent != null) {
        all.put(wanted.text("IndexName"), CreateTable.indexThroughput(wanted, onDemand));
      } else if (!onDemand && source.onDemand()) {
        throw Validation.parameter(
            "ProvisionedThroughput is not specified for index: " + wanted.text("IndexName"));
      }
    }
    return all;
  }

  /** The key that encrypts it; null for none that anybody sees. */
  @Nullable String key(String from, String region, MasterKeys keys) {
    Members sent = request.membersOrNull("SSESpecificationOverride");
    if (sent != null) {
      return Encryption.Asked.of(sent).keyIn(region, keys);
    }
    if (!from.equals(region)) {
      throw invalid("sseSpecificationOverride must be provided for cross-region restores");
    }
    String key = source.key();
    if (key != null && keys.isDisabled(key)) {
      throw MasterKeys.disabledError(key);
    }
    return key;
  }
}
