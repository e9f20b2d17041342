/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.dynamodb.streams.ViewType;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Members;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Validation;
import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import io.clouddb.testkit.simulator.tables.IndexDefinition;
import io.clouddb.testkit.simulator.tables.KeySchema;
import io.clouddb.testkit.simulator.tables.TableDefinition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code CreateTable}. */
final class CreateTable {
  private static final int SHORTEST_NAME = 3;
  private static final Set<String> REFUSED =
      Set.of("ResourcePolicy", "GlobalTableSourceArn", "GlobalTableSettingsReplicationMode");

  private final TableCatalog catalog;

  CreateTable(TableCatalog catalog) {
    this.catalog = catalog;
  }

  ObjectNode run(String region, Members request) {
    for (String member : REFUSED) {
      if (request.has(member)) {
        throw new NotSimulatedException("the member " + member + " of CreateTable");
      }
    }
    String name = name(region, request.textOrNull("TableName"));
    boolean onDemand = "PAY_PER_REQUEST".equals(request.textOrNull("BillingMode"));
    Throughput throughput = throughput(request, onDemand);
    requireMembers(request);
    TableShape shape = TableShape.of(request);
    KeySchema keys = shape.tableKey(request);
    List<IndexDefinition> indexes = shape.indexes(request, keys);
    Map<String, Throughput> indexThroughput = ofIndexes(request, onDemand);
    @Nullable ViewType view = view(request);
    Members sse = request.membersOrNull("SSESpecification");
    Encryption.@Nullable Asked encryption = sse == null ? null : Encryption.Asked.of(sse);
    OnDemandLimits limits = OnDemandLimits.of(request, "table");
    if (!onDemand) {
      limits.requireNone("");
    }
    Map<String, String> tags = Tags.of(request.structures("Tags"));
    WarmThroughput warm = warm(request, throughput, onDemand, "table");
    synchronized (catalog) {
      if (catalog.find(region, name).isPresent()) {
        throw AwsError.badRequest("ResourceInUseException", "Table already exists: " + name);
      }
      catalog.requireRoom(region);
      Instant now = catalog.now();
      ManagedTable table =
          new ManagedTable(
              catalog.newTable(region, catalog.newItems(new TableDefinition(name, keys, indexes))),
              throughput,
              warm,
              new Encryption(encryption == null ? null : encryption.keyIn(region, catalog.keys())),
              new TableClass(request.textOrNull("TableClass")));
      for (Members index : request.structures("GlobalSecondaryIndexes")) {
        table
            .indexes()
            .put(index.text("IndexName"), index(table, index, indexThroughput, onDemand));
      }
      // Recorded: what is provisioned from the beginning shows none, named or not.
      table.setBilling(onDemand, onDemand, null);
      table.setLimits(limits);
      table.setProtected(request.flag("DeletionProtectionEnabled"), null);
      table.tags().putAll(tags);
      table.applyThroughput();
      catalog.add(table);
      if (view != null) {
        catalog.beginStream(table, view);
      }
      ObjectNode description = TableDescription.of(table, now);
      catalog.later(
          indexes.isEmpty() ? Timing.CREATE : Timing.CREATE_WITH_INDEXES,
          () -> activate(table, catalog.now()));
      ObjectNode result = JsonNodeFactory.instance.objectNode();
      result.set("TableDescription", description);
      return result;
    }
  }

  /** Lets a new table be used. */
  static void activate(ManagedTable table, Instant now) {
    table.indexes().values().forEach(ManagedIndex::activate);
    if (table.isOnDemand()) {
      table.setOnDemandSince(table.table().created());
    }
    table.activate(now);
  }

  private String name(String region, @Nullable String nameOrArn) {
    if (nameOrArn == null) {
      throw Validation.error(
          "The parameter 'TableName' is required but was not present in the request");
    }
    String name = catalog.tables().nameOf(region, nameOrArn);
    if (name.length() < SHORTEST_NAME) {
      throw Validation.error(
          "1 validation error detected: Value '"
              + name
              + "' at 'tableName' failed to satisfy constraint: Member must have length greater"
              + " than or equal to 3");
    }
    return name;
  }

  private static void requireMembers(Members request) {
    List<String> missing = new ArrayList<>();
    for (String member : List.of("attributeDefinitions", "keySchema")) {
      if (!request.has(Character.toUpperCase(member.charAt(0)) + member.substring(1))) {
        missing.add(
            "Value null at '" + member + "' failed to satisfy constraint: Member must not be null");
      }
    }
    if (!missing.isEmpty()) {
      throw Validation.error(
          (missing.size() == 1 ? "1 validation error" : missing.size() + " validation errors")
              + " detected: "
              + String.join("; ", missing));
    }
  }

  private static Throughput throughput(Members request, boolean onDemand) {
    Members sent = request.membersOrNull("ProvisionedThroughput");
    if (onDemand) {
      if (sent != null) {
        throw Validation.parameter(
            "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is"
                + " PAY_PER_REQUEST");
      }
      return new Throughput(0, 0);
    }
    if (sent == null) {
      throw Validation.parameter(
          "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is"
              + " PROVISIONED");
    }
    return CapacityLimits.throughput(sent);
  }

  private static Map<String, Throughput> ofIndexes(Members request, boolean onDemand) {
    Map<String, Throughput> all = new HashMap<>();
    for (Members index : request.structures("GlobalSecondaryIndexes")) {
      all.put(index.text("IndexName"), indexThroughput(index, onDemand));
    }
    return all;
  }

  /** What a new index is given. */
  static Throughput indexThroughput(Members index, boolean onDemand) {
    String name = index.text("IndexName");
    Members sent = index.membersOrNull("ProvisionedThroughput");
    if (onDemand) {
      if (sent != null) {
        throw Validation.parameter(
            "ProvisionedThroughput should not be specified for index: "
                + name
                + " when BillingMode is PAY_PER_REQUEST");
      }
      return new Throughput(0, 0);
    }
    if (sent == null) {
      throw Validation.parameter("ProvisionedThroughput is not specified for index: " + name);
    }
    return CapacityLimits.throughput(sent);
  }

  private static ManagedIndex index(
      ManagedTable table, Members index, Map<String, Throughput> throughput, boolean onDemand) {
    String name = index.text("IndexName");
    Throughput own = throughput.getOrDefault(name, new Throughput(0, 0));
    OnDemandLimits limits = OnDemandLimits.of(index, "index : " + name);
    if (!onDemand) {
      limits.requireNone(" for index : " + name);
    }
    return new ManagedIndex(
        table.table().definition().index(name).orElseThrow(),
        own,
        warm(index, own, onDemand, "index " + name),
        limits,
        false);
  }

  /** What a new table or index can take at once. */
  static WarmThroughput warm(
      Members request, Throughput throughput, boolean onDemand, String where) {
    WarmThroughput warm = WarmThroughput.first(throughput, onDemand);
    Members sent = request.membersOrNull("WarmThroughput");
    if (sent != null) {
      long reads = sent.whole("ReadUnitsPerSecond", warm.reads());
      long writes = sent.whole("WriteUnitsPerSecond", warm.writes());
      if (reads < warm.reads() || writes < warm.writes()) {
        String which = reads < warm.reads() ? "Read" : "Write";
        throw Validation.parameter(
            "Requested "
                + which
                + "UnitsPerSecond for WarmThroughput for "
                + where
                + " is lower than "
                + (onDemand
                    ? "initial throughput for OnDemand"
                    : which + "CapacityUnits of ProvisionedThroughput"));
      }
      warm.raise(reads, writes);
    }
    return warm;
  }

  private static @Nullable ViewType view(Members request) {
    Members sent = request.membersOrNull("StreamSpecification");
    if (sent == null) {
      return null;
    }
    String view = sent.textOrNull("StreamViewType");
    if (sent.flag("StreamEnabled")) {
      if (view == null) {
        throw Validation.parameter(
            "Table is being created with a stream enabled, UpdateViewType is required");
      }
      return ViewType.valueOf(view);
    }
    if (view != null) {
      throw Validation.parameter(
          "Table is being created with a stream disabled, UpdateViewType should not be specified");
    }
    return null;
  }
}
