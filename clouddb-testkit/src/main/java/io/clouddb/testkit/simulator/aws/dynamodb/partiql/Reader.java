/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.partiql;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.dynamodb.DynamoTable;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Condition;
import io.clouddb.testkit.simulator.aws.dynamodb.item.Consumed;
import io.clouddb.testkit.simulator.tables.IndexDefinition;
import io.clouddb.testkit.simulator.tables.ItemKey;
import io.clouddb.testkit.simulator.tables.KeySchema;
import io.clouddb.testkit.simulator.tables.Page;
import io.clouddb.testkit.simulator.tables.PageRequest;
import io.clouddb.testkit.simulator.tables.PageRequest.Partition;
import io.clouddb.testkit.simulator.tables.PageRequest.Position;
import io.clouddb.testkit.simulator.tables.StoredItem;
import io.clouddb.testkit.simulator.tables.StoredTable;
import io.clouddb.testkit.simulator.tables.TableDefinition;
import io.clouddb.testkit.simulator.tables.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Runs a SELECT, a page at a time. */
final class Reader {
  private static final int PAGE = 1 << 20;

  /** Of how many items a page is that is put together of several partitions. */
  private static final int SMALL_PAGE = 10;

  /**
   * What was read.
   *
   * @param items the columns of those that meet the condition
   * @param next where to go on; null when there is no more
   * @param last the key of the last item that was looked at; null when there is no more
   */
  record Read(
      List<Map<String, Value>> items,
      @Nullable PageToken next,
      @Nullable Map<String, Value> last) {}

  private final Prepared prepared;
  private final Statement.Select select;
  private final DynamoTable table;
  private final TableDefinition definition;
  private final @Nullable IndexDefinition index;
  private final KeySchema keys;
  private final ReadPlan plan;
  private final boolean fetches;
  private final boolean consistent;

  /**
   * Looks at what is to be read.
   *
   * @param prepared the statement
   * @param select the same
   * @param table its table
   * @param consistent whether the newest is to be read
   */
  Reader(Prepared prepared, Statement.Select select, DynamoTable table, boolean consistent) {
    this.prepared = prepared;
    this.select = select;
    this.table = table;
    this.consistent = consistent;
    this.definition = table.definition();
    String name = select.source().index();
    this.index = name == null ? null : table.readable(name).orElseThrow(Reader::noIndex);
    this.keys = index == null ? definition.keys() : index.keys();
    if (index != null && index.global() && consistent) {
      throw Malformed.refused(
          "Strongly consistent read is not supported on Global Secondary Indexes");
    }
    this.plan =
        ReadPlan.of(select, keys, new Expressions(prepared.literals()), prepared.literals());
    this.fetches = fetches();
    checkFilter();
  }

  private static AwsError noIndex() {
    return Malformed.refused("The table does not have the specified index");
  }

  /** Tells whether items come from the table that the index has only a part of. */
  private boolean fetches() {
    IndexDefinition of = index;
    if (of == null) {
      return false;
    }
    Set<String> lacking = new LinkedHashSet<>();
    for (Term.Path path : select.projection()) {
      if (!of.projects(path.attribute(), definition.keys())) {
        lacking.add(path.attribute());
      }
    }
    if (of.global() && !lacking.isEmpty()) {
      throw Malformed.refused(
          "One or more parameter values were invalid: Global secondary index "
              + of.name()
              + " does not project "
              + lacking);
    }
    return !lacking.isEmpty();
  }

  private void checkFilter() {
    IndexDefinition of = index;
    if (of == null || !plan.keyed()) {
      return;
    }
    // As the service has them: in no order.
    Set<String> lacking = new HashSet<>(Conjunction.attributes(select.where()));
    lacking.removeIf(attribute -> of.projects(attribute, definition.keys()));
    if (!lacking.isEmpty()) {
      throw Malformed.refused(
          "One or more parameter values were invalid: Secondary index "
              + of.name()
              + " does not project one or more filter attributes: "
              + lacking);
    }
  }

  /**
   * Reads.
   *
   * @param from where to begin
   * @param limit how many items to look at, at most
   * @param consumed counts what it uses
   * @return what was read
   */
  Read read(PageToken from, int limit, Consumed consumed) {
    if (from.span() >= plan.spans().size()) {
      throw Malformed.refused("Invalid NextToken");
    }
    table.capacity().beforeRead(index != null && index.global() ? index.name() : null);
    Condition condition = prepared.condition(Conjunction.of(select.where()));
    List<Map<String, Value>> found = new ArrayList<>();
    int left = plan.byMany() ? Math.min(limit, SMALL_PAGE) : limit;
    long bytes = 0;
    Position after = from.after();
    for (int span = from.span(); span < plan.spans().size(); span++) {
      Page page = page(span, after, left, PAGE - bytes);
      for (StoredItem item : page.items()) {
        Map<String, Value> attributes = item.attributes();
        if (fetches) {
          StoredItem whole = table.items().get(definition.keys().keyOf(attributes));
          consumed.read(null, whole == null ? 0 : whole.size(), consistent);
          attributes = whole == null ? attributes : whole.attributes();
        }
        if (condition == null || condition.holds(item.attributes())) {
          found.add(Columns.of(select.projection(), attributes));
        }
      }
      left -= page.items().size();
      bytes += page.bytes();
      if (!page.complete() && !isOneItem(span)) {
        Map<String, Value> last = page.items().get(page.items().size() - 1).attributes();
        PageToken next = new PageToken(span, position(last));
        consumed.read(index, bytes, consistent);
        return new Read(found, next, key(last));
      }
      after = null;
    }
    consumed.read(index, bytes, consistent);
    return new Read(found, null, null);
  }

  private Page page(int span, @Nullable Position after, int limit, long bytes) {
    String name = index == null ? null : index.name();
    try {
      return table
          .items()
          .page(new PageRequest(name, plan.spans().get(span), plan.forward(), after, limit, bytes));
    } catch (StoredTable.NoIndexException e) {
      // It was there when the statement was looked at.
      throw noIndex();
    }
  }

  private boolean isOneItem(int span) {
    return index == null
        && plan.spans().size() == 1
        && plan.spans().get(span) instanceof Partition partition
        && (keys.sort() == null || Slices.isOne(partition.range()));
  }

  private Position position(Map<String, Value> item) {
    ItemKey ofTable = definition.keys().keyOf(item);
    return new Position(ofTable, index == null ? null : keys.keyOf(item));
  }

  private Map<String, Value> key(Map<String, Value> item) {
    Map<String, Value> key = new LinkedHashMap<>();
    item.forEach(
        (name, value) -> {
          if (keys.has(name) || definition.keys().has(name)) {
            key.put(name, value);
          }
        });
    return key;
  }
}
