/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.aws.dynamodb.KeyTypes;
import io.clouddb.testkit.simulator.aws.dynamodb.streams.TableStream;
import io.clouddb.testkit.simulator.tables.IndexDefinition;
import io.clouddb.testkit.simulator.tables.KeyAttribute;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes all that the service says of a table. Whoever calls holds the catalog's lock. */
final class TableDescription {
  private static final String STATUS = "TableStatus";

  private final ManagedTable table;
  private final Instant now;
  private final ObjectNode json = JsonNodeFactory.instance.objectNode();

  private TableDescription(ManagedTable table, Instant now) {
    this.table = table;
    this.now = now;
  }

  /** What it is. */
  static ObjectNode of(ManagedTable table, Instant now) {
    return new TableDescription(table, now).write();
  }

  /** What it is, to whoever has asked for a change that the service says is going on. */
  static ObjectNode updating(ManagedTable table, Instant now) {
    return of(table, now).put(STATUS, "UPDATING");
  }

  private ObjectNode write() {
    table.statistics().refresh(table.table().items(), table.table().created(), now);
    boolean going = table.isDeleting();
    if (!going) {
      attributes();
    }
    json.put("TableName", table.name());
    if (!going) {
      Json.keys(json, table.keys());
    }
    json.put(STATUS, table.status());
    if (!going) {
      json.put("CreationDateTime", Json.seconds(table.table().created()));
    }
    json.set("ProvisionedThroughput", table.throughput().described(now));
    json.put("TableSizeBytes", table.statistics().ofTable().bytes());
    json.put("ItemCount", table.statistics().ofTable().items());
    json.put("TableArn", table.table().arn());
    json.put("TableId", table.table().id());
    billing();
    if (!going) {
      localIndexes();
      globalIndexes();
    }
    stream();
    group();
    restore();
    set("SSEDescription", table.encryption().described());
    set("TableClassSummary", table.tableClass().described());
    json.put("DeletionProtectionEnabled", table.isProtected());
    if (!table.limits().isEmpty()) {
      json.set("OnDemandThroughput", table.limits().described());
    }
    if (!table.isCreating() && !going) {
      json.set("WarmThroughput", table.warm().described());
    }
    return json;
  }

  private void set(String member, @Nullable ObjectNode value) {
    if (value != null) {
      json.set(member, value);
    }
  }

  private void attributes() {
    Map<String, KeyAttribute> attributes = new TreeMap<>();
    table.keys().attributes().forEach(key -> attributes.put(key.name(), key));
    for (IndexDefinition index : table.table().definition().indexes()) {
      index.keys().attributes().forEach(key -> attributes.put(key.name(), key));
    }
    for (ManagedIndex index : table.indexes().values()) {
      index.definition().keys().attributes().forEach(key -> attributes.put(key.name(), key));
    }
    ArrayNode list = json.putArray("AttributeDefinitions");
    attributes
        .values()
        .forEach(
            attribute ->
                list.addObject()
                    .put("AttributeName", attribute.name())
                    .put("AttributeType", KeyTypes.letter(attribute.type())));
  }

  private void billing() {
    if (table.isOnDemand() || table.isBillingSaid()) {
      ObjectNode billing =
          json.putObject("BillingModeSummary")
              .put("BillingMode", table.isOnDemand() ? "PAY_PER_REQUEST" : "PROVISIONED");
      Instant since = table.onDemandSince();
      if (since != null) {
        billing.put("LastUpdateToPayPerRequestDateTime", Json.seconds(since));
      }
    }
  }

  private void localIndexes() {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    for (IndexDefinition index : table.table().definition().indexes()) {
      if (!index.global()) {
        index(list.addObject(), index);
      }
    }
    if (!list.isEmpty()) {
      json.set("LocalSecondaryIndexes", list);
    }
  }

  private void index(ObjectNode into, IndexDefinition index) {
    into.put("IndexName", index.name());
    Json.keys(into, index.keys());
    Json.projection(into, index);
    into.put("IndexSizeBytes", table.statistics().ofIndex(index.name()).bytes());
    into.put("ItemCount", table.statistics().ofIndex(index.name()).items());
    into.put("IndexArn", table.table().arn() + "/index/" + index.name());
  }

  private void globalIndexes() {
    if (table.indexes().isEmpty()) {
      return;
    }
    ArrayNode list = json.putArray("GlobalSecondaryIndexes");
    for (ManagedIndex index : table.indexes().values()) {
      ObjectNode into = list.addObject();
      index(into, index.definition());
      // A table that is being restored says nothing of its indexes.
      if (!table.isRestoring()) {
        into.put("IndexStatus", index.status().name());
      }
      if (index.isAdded() && index.status() == ManagedIndex.Status.CREATING) {
        into.put("Backfilling", index.isBackfilling());
      }
      into.set("ProvisionedThroughput", index.throughput().described(now));
      if (!index.onDemand().isEmpty()) {
        into.set("OnDemandThroughput", index.onDemand().described());
      }
      if (index.status() != ManagedIndex.Status.CREATING) {
        into.set("WarmThroughput", index.warm().described());
      }
    }
  }

  private void stream() {
    TableStream stream = table.stream();
    if (stream != null) {
      json.putObject("StreamSpecification")
          .put("StreamEnabled", true)
          .put("StreamViewType", stream.view().name());
    }
    TableStream last = table.lastStream();
    if (last != null) {
      json.put("LatestStreamLabel", last.label()).put("LatestStreamArn", last.arn());
    }
  }

  private void group() {
    ReplicationGroup group = table.group();
    String mode = table.settingsReplication();
    if (group == null) {
      if (mode != null) {
        json.put("GlobalTableSettingsReplicationMode", mode);
      }
      return;
    }
    json.put("GlobalTableVersion", "2019.11.21")
        .put("GlobalTableSettingsReplicationMode", "ENABLED_WITH_OVERRIDES");
    ArrayNode replicas = json.putArray("Replicas");
    group.listedBy(table.region()).forEach(member -> replica(replicas.addObject(), member));
    if (group.isStrong()) {
      json.put("MultiRegionConsistency", "STRONG");
      if (group.witness() != null && group.isWitnessListed()) {
        json.putArray("GlobalTableWitnesses")
            .addObject()
            .put("RegionName", group.witness())
            .put("WitnessStatus", group.witnessStatus().name());
      }
    }
  }

  private static void replica(ObjectNode into, ReplicationGroup.Member member) {
    into.put("RegionName", member.region()).put("ReplicaStatus", replicaStatus(member));
    ManagedTable own = member.table();
    if (own != null && own.encryption().key() != null) {
      into.put("KMSMasterKeyId", own.encryption().key());
    }
    if (member.reads() != null) {
      into.putObject("ProvisionedThroughputOverride").put("ReadCapacityUnits", member.reads());
    }
    if (member.onDemandReads() != null) {
      into.putObject("OnDemandThroughputOverride")
          .put("MaxReadRequestUnits", member.onDemandReads());
    }
    if (own != null) {
      into.set("WarmThroughput", own.warm().described());
      replicaIndexes(into, member, own);
      ObjectNode tableClass = own.tableClass().described();
      if (tableClass != null) {
        into.set("ReplicaTableClassSummary", tableClass);
      }
    }
    into.put("GlobalTableSettingsReplicationMode", "ENABLED_WITH_OVERRIDES");
  }

  private static String replicaStatus(ReplicationGroup.Member member) {
    ManagedTable own = member.table();
    return own != null
            && member.status() == ReplicationGroup.Status.ACTIVE
            && own.encryption().isInaccessible()
        ? "INACCESSIBLE_ENCRYPTION_CREDENTIALS"
        : member.status().name();
  }

  private static void replicaIndexes(
      ObjectNode into, ReplicationGroup.Member member, ManagedTable own) {
    if (own.indexes().isEmpty()) {
      return;
    }
    ArrayNode indexes = into.putArray("GlobalSecondaryIndexes");
    for (ManagedIndex index : own.indexes().values()) {
      ObjectNode one = indexes.addObject().put("IndexName", index.name());
      Long reads = member.indexReads().get(index.name());
      if (reads != null) {
        one.putObject("ProvisionedThroughputOverride").put("ReadCapacityUnits", reads);
      }
      one.set("WarmThroughput", index.warm().described());
    }
  }

  private void restore() {
    ManagedTable.RestoreSummary summary = table.restore();
    // A table that is there does not say what it was made of.
    if (summary != null && table.isRestoring()) {
      ObjectNode restore = json.putObject("RestoreSummary");
      if (summary.backup() != null) {
        restore.put("SourceBackupArn", summary.backup());
      }
      restore
          .put("SourceTableArn", summary.source())
          .put("RestoreDateTime", Json.seconds(summary.moment()))
          .put("RestoreInProgress", true);
    }
  }
}
