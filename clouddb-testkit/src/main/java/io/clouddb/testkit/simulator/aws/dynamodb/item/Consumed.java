/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.item;

import com.fasterxml.jackson.core.JsonGenerator;
import io.clouddb.testkit.simulator.aws.dynamodb.DynamoTable;
import io.clouddb.testkit.simulator.aws.dynamodb.TableCapacity;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Members;
import io.clouddb.testkit.simulator.tables.IndexDefinition;
import io.clouddb.testkit.simulator.tables.StoredItem;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The capacity units that a request has used of a table and its indexes. */
public final class Consumed {
  /** How much an answer tells of them. */
  public enum Detail {
    /** Nothing. */
    NONE,
    /** Of each table. */
    TOTAL,
    /** Of each table and each index. */
    INDEXES;

    /**
     * What a request asks for.
     *
     * @param members the request's
     * @return {@link #NONE} when it asks for nothing
     */
    public static Detail of(Members members) {
      String text = members.textOrNull("ReturnConsumedCapacity");
      return text == null ? NONE : valueOf(text);
    }
  }

  private static final int READ = 4096;
  private static final int WRITE = 1024;
  private static final String UNITS = "CapacityUnits";

  private final DynamoTable table;
  private String name;
  private final int factor;
  private final boolean needed;
  private final Map<String, Double> local = new TreeMap<>();
  private final Map<String, Double> global = new TreeMap<>();
  private double units;
  private double reads;
  private double writes;

  /**
   * Begins to count.
   *
   * @param table of which table
   * @param factor 2 in a transaction, 1 elsewhere
   * @param detail what is told of it
   */
  public Consumed(DynamoTable table, int factor, Detail detail) {
    this.table = table;
    this.name = table.name();
    this.factor = factor;
    this.needed = detail != Detail.NONE || !table.capacity().onDemand();
  }

  /**
   * Has the table told of as the request does.
   *
   * @param asked its name or its ARN
   * @return this
   */
  public Consumed of(String asked) {
    name = asked;
    return this;
  }

  /**
   * Counts a read, and takes its units.
   *
   * @param index of which index; null for the table
   * @param bytes how much was read
   * @param consistent whether it was consistent
   */
  public void read(@Nullable IndexDefinition index, long bytes, boolean consistent) {
    double used = Math.max(1, (bytes + READ - 1) / READ) * (consistent ? 1.0 : 0.5) * factor;
    reads += used;
    add(index, used);
    table.capacity().read(index != null && index.global() ? index.name() : null, used);
  }

  private void add(@Nullable IndexDefinition index, double used) {
    if (index == null) {
      units += used;
    } else {
      (index.global() ? global : local).merge(index.name(), used, Double::sum);
    }
  }

  /**
   * Counts a write of the table and of the indexes that follow it, and takes its units.
   *
   * @param before what there was
   * @param after what there is
   */
  public void write(@Nullable StoredItem before, @Nullable StoredItem after) {
    if (!needed) {
      return;
    }
    int size = Math.max(before == null ? 0 : before.size(), after == null ? 0 : after.size());
    wrote(null, units(size));
    for (IndexDefinition index : table.definition().indexes()) {
      int used = IndexWrites.units(table.definition().keys(), index, before, after);
      if (used > 0) {
        wrote(index, used);
      }
    }
  }

  private void wrote(@Nullable IndexDefinition index, int plain) {
    // A transaction's second unit is that of preparing the item in its partition, which has its
    // local
    // indexes, too: the CLI reference's transact-write-items has ten units, and no global one.
    double used = (double) plain * (index == null || !index.global() ? factor : 1);
    writes += used;
    add(index, used);
    TableCapacity capacity = table.capacity();
    // A local index has the table's units.
    capacity.write(index != null && index.global() ? index.name() : null, used);
  }

  /** The units of a write of so many bytes. */
  static int units(int bytes) {
    return Math.max(1, (bytes + WRITE - 1) / WRITE);
  }

  /**
   * Tells of one table.
   *
   * @param json where to
   * @param detail how much
   * @throws IOException when it cannot be written
   */
  public void write(JsonGenerator json, Detail detail) throws IOException {
    if (detail != Detail.NONE) {
      json.writeFieldName("ConsumedCapacity");
      writeTable(json, detail);
    }
  }

  /**
   * Tells of several tables.
   *
   * @param json where to
   * @param all what was used of each
   * @param detail how much
   * @throws IOException when it cannot be written
   */
  public static void write(JsonGenerator json, Collection<Consumed> all, Detail detail)
      throws IOException {
    if (detail != Detail.NONE) {
      json.writeArrayFieldStart("ConsumedCapacity");
      for (Consumed one : all) {
        one.writeTable(json, detail);
      }
      json.writeEndArray();
    }
  }

  private void writeTable(JsonGenerator json, Detail detail) throws IOException {
    json.writeStartObject();
    json.writeStringField("TableName", name);
    json.writeNumberField(UNITS, reads + writes);
    if (factor > 1) {
      kinds(json, reads, writes);
    }
    if (detail == Detail.INDEXES) {
      json.writeObjectFieldStart("Table");
      json.writeNumberField(UNITS, units);
      if (factor > 1) {
        kinds(json, reads > 0 ? units : 0, reads > 0 ? 0 : units);
      }
      json.writeEndObject();
      indexes(json, "LocalSecondaryIndexes", local);
      indexes(json, "GlobalSecondaryIndexes", global);
    }
    json.writeEndObject();
  }

  private static void kinds(JsonGenerator json, double read, double write) throws IOException {
    if (read > 0) {
      json.writeNumberField("ReadCapacityUnits", read);
    }
    if (write > 0) {
      json.writeNumberField("WriteCapacityUnits", write);
    }
  }

  private static void indexes(JsonGenerator json, String name, Map<String, Double> used)
      throws IOException {
    if (used.isEmpty()) {
      return;
    }
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, Double> index : used.entrySet()) {
      json.writeObjectFieldStart(index.getKey());
      json.writeNumberField(UNITS, index.getValue());
      json.writeEndObject();
    }
    json.writeEndObject();
  }
}
