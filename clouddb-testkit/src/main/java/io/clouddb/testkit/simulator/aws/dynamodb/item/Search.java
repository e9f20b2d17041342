/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.item;

import io.clouddb.testkit.simulator.aws.dynamodb.DynamoTable;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Condition;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Projection;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Answer;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Validation;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.ValueWriter;
import io.clouddb.testkit.simulator.tables.IndexDefinition;
import io.clouddb.testkit.simulator.tables.KeyAttribute;
import io.clouddb.testkit.simulator.tables.KeySchema;
import io.clouddb.testkit.simulator.tables.Page;
import io.clouddb.testkit.simulator.tables.PageRequest;
import io.clouddb.testkit.simulator.tables.StoredItem;
import io.clouddb.testkit.simulator.tables.StoredTable;
import io.clouddb.testkit.simulator.tables.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One page of a query or a scan, in which nothing is wrong: items are read up to a limit or 1 MB,
 * and filtered afterwards.
 *
 * @param table of which table
 * @param index of which index; null for the table
 * @param span which items
 * @param forward in the order of keys, or against it
 * @param after the item after which it begins; null for the first
 * @param limit how many are read at most; null for as many as there are in 1 MB
 * @param consistent whether the read is consistent
 * @param filter which are told; null for all
 * @param projection what is told of them; null for all that there is
 * @param fetch whether what is not in the index is read from the table
 */
public record Search(
    DynamoTable table,
    @Nullable IndexDefinition index,
    PageRequest.Span span,
    boolean forward,
    PageRequest.@Nullable Position after,
    @Nullable Integer limit,
    boolean consistent,
    @Nullable Condition filter,
    @Nullable Projection projection,
    boolean fetch) {
  private static final long PAGE = 1 << 20;

  /**
   * What was found.
   *
   * @param items what is told
   * @param scanned how many were read
   * @param last the keys of the last one that was read; null when there is nothing after it
   */
  public record Found(
      List<Map<String, Value>> items, int scanned, @Nullable Map<String, Value> last) {}

  /**
   * Reads the page.
   *
   * @param consumed counts what it uses
   * @return what was found
   */
  public Found run(Consumed consumed) {
    table.capacity().beforeRead(index != null && index.global() ? index.name() : null);
    Page page = page();
    consumed.read(index, page.bytes(), consistent);
    KeySchema keys = table.definition().keys();
    List<Map<String, Value>> told = new ArrayList<>();
    for (StoredItem item : page.items()) {
      Map<String, Value> attributes = item.attributes();
      if (fetch) {
        StoredItem whole = table.items().get(keys.keyOf(attributes));
        if (whole != null) {
          consumed.read(null, whole.size(), consistent);
          attributes = whole.attributes();
        }
      }
      if (filter == null || filter.holds(attributes)) {
        told.add(projection == null ? attributes : projection.of(attributes));
      }
    }
    boolean more = !page.complete() && !page.items().isEmpty();
    return new Found(
        told,
        page.items().size(),
        more ? keys(page.items().get(page.items().size() - 1).attributes()) : null);
  }

  private Page page() {
    String name = index == null ? null : index.name();
    int most = limit == null ? Integer.MAX_VALUE : limit;
    try {
      return table.items().page(new PageRequest(name, span, forward, after, most, PAGE));
    } catch (StoredTable.NoIndexException e) {
      // It was there when the request was looked at.
      throw Validation.error("The table does not have the specified index: " + name);
    }
  }

  private Map<String, Value> keys(Map<String, Value> item) {
    Map<String, Value> keys = new LinkedHashMap<>();
    List<KeyAttribute> attributes = new ArrayList<>(table.definition().keys().attributes());
    if (index != null) {
      attributes.addAll(index.keys().attributes());
    }
    for (KeyAttribute attribute : attributes) {
      Value value = item.get(attribute.name());
      if (value != null) {
        keys.put(attribute.name(), value);
      }
    }
    return keys;
  }

  /**
   * Reads the page, and answers as {@code Query} and {@code Scan} do.
   *
   * @param asked the table's name or its ARN, as the request has it
   * @param detail what is told of capacity
   * @param countOnly whether no items are told
   * @return the answer
   */
  public Answer answer(String asked, Consumed.Detail detail, boolean countOnly) {
    Consumed consumed = new Consumed(table, 1, detail).of(asked);
    Found found = run(consumed);
    return json -> {
      json.writeNumberField("Count", found.items().size());
      if (!countOnly) {
        json.writeArrayFieldStart("Items");
        for (Map<String, Value> item : found.items()) {
          ValueWriter.write(json, item);
        }
        json.writeEndArray();
      }
      if (found.last() != null) {
        json.writeFieldName("LastEvaluatedKey");
        ValueWriter.write(json, found.last());
      }
      json.writeNumberField("ScannedCount", found.scanned());
      consumed.write(json, detail);
    };
  }
}
