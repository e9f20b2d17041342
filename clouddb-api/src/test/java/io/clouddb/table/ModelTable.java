/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.table.TableData;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A table in memory. What a test does with a request stands in {@link #around}. */
final class ModelTable implements TableData, TableData.Limits {
  final Map<ItemKey, Item> items = new ConcurrentHashMap<>();
  final List<String> requests = new ArrayList<>();
  final AtomicInteger atOnce = new AtomicInteger();
  final AtomicInteger mostAtOnce = new AtomicInteger();

  /** Given what a request does; null does it. */
  volatile Function<Supplier<Object>, @Nullable CompletionStage<?>> around = body -> null;

  /** What a batch takes of the units that it is given. */
  volatile Function<Integer, Integer> taken = size -> size;

  volatile boolean routes;
  volatile int actions = 100;
  volatile boolean onePartition;
  volatile long itemBytes = 1000;
  volatile int pageOf = 3;

  private final Key key;
  private final GlobalTableSpec spec;

  ModelTable(GlobalTableSpec spec) {
    this.spec = spec;
    this.key = spec.key();
  }

  ItemKey keyOf(Item item) {
    Value partition = item.get(key.partition().name()).orElseThrow();
    return key.sort()
        .map(sort -> ItemKey.of(partition, item.get(sort.name()).orElseThrow()))
        .orElseGet(() -> ItemKey.of(partition));
  }

  @SuppressWarnings("unchecked")
  private synchronized <T> CompletionStage<T> request(String what, Supplier<T> body) {
    requests.add(what);
    CompletionStage<?> other = around.apply((Supplier<Object>) body);
    if (other != null) {
      mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
      return (CompletionStage<T>) other.whenComplete((a, e) -> atOnce.decrementAndGet());
    }
    try {
      return CompletableFuture.completedFuture(body.get());
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public Limits limits() {
    return this;
  }

  @Override
  public boolean routesWrites() {
    return routes;
  }

  @Override
  public int batchWrites() {
    return 4;
  }

  @Override
  public int batchReads() {
    return 5;
  }

  @Override
  public int transactionActions() {
    return actions;
  }

  @Override
  public boolean transactionInOnePartition() {
    return onePartition;
  }

  @Override
  public long batchBytes() {
    return 2000;
  }

  @Override
  public long itemBytes() {
    return itemBytes;
  }

  @Override
  public int partitionBytes() {
    return 40;
  }

  @Override
  public int sortBytes() {
    return 30;
  }

  @Override
  public int depth() {
    return 3;
  }

  @Override
  public long transactionBytes() {
    return 1500;
  }

  @Override
  public long sizeOf(Item item) {
    return item.attributes().entrySet().stream()
        .mapToLong(
            each ->
                each.getKey().length()
                    + (each.getValue() instanceof Value.Text text ? text.text().length() : 8))
        .sum();
  }

  private void require(@Nullable Item there, @Nullable Condition condition) {
    if (condition != null && !holds(condition, there)) {
      throw new ItemConditionFailedException(
          ErrorDetails.of(ErrorCategory.CONDITION_FAILED, "It does not hold").build(), there, null);
    }
  }

  static boolean holds(Condition condition, @Nullable Item there) {
    if (condition instanceof Condition.And and) {
      return and.all().stream().allMatch(each -> holds(each, there));
    }
    if (condition instanceof Condition.Or or) {
      return or.any().stream().anyMatch(each -> holds(each, there));
    }
    if (condition instanceof Condition.ItemExists) {
      return there != null;
    }
    if (condition instanceof Condition.ItemNotExists) {
      return there == null;
    }
    if (condition instanceof Condition.Compares compares) {
      return there != null
          && there.get(compares.path().attribute()).filter(compares.operand()::equals).isPresent();
    }
    throw new UnsupportedOperationException(condition.toString());
  }

  @Override
  public CompletionStage<Optional<Item>> get(ItemKey key, boolean consistent) {
    return request("get", () -> Optional.ofNullable(items.get(key)));
  }

  @Override
  public CompletionStage<Void> put(Item item, @Nullable Condition condition) {
    return request(
        "put",
        () -> {
          require(items.get(keyOf(item)), condition);
          items.put(keyOf(item), item);
          return null;
        });
  }

  @Override
  public CompletionStage<Item> update(ItemKey itemKey, Update update, @Nullable Condition when) {
    return request(
        "update",
        () -> {
          Item there = items.get(itemKey);
          require(there, when);
          Item.Builder item = there == null ? Item.builder() : there.toBuilder();
          item.set(key.partition().name(), itemKey.partition());
          key.sort().ifPresent(sort -> item.set(sort.name(), itemKey.sort().orElseThrow()));
          for (Update.Action action : update.actions()) {
            change(item, there, action);
          }
          items.put(itemKey, item.build());
          return items.get(itemKey);
        });
  }

  private static void change(Item.Builder item, @Nullable Item there, Update.Action action) {
    String name = action.path().attribute();
    if (action instanceof Update.SetValue set) {
      item.set(name, set.value());
    } else if (action instanceof Update.AddNumber add) {
      BigDecimal now = there == null || !there.has(name) ? BigDecimal.ZERO : there.number(name);
      item.set(name, now.add(add.amount().number()));
    } else {
      item.remove(name);
    }
  }

  @Override
  public CompletionStage<Optional<Item>> delete(ItemKey key, @Nullable Condition condition) {
    return request(
        "delete",
        () -> {
          require(items.get(key), condition);
          return Optional.ofNullable(items.remove(key));
        });
  }

  private List<Item> sorted() {
    Comparator<ItemKey> order =
        Comparator.<ItemKey, String>comparing(each -> each.partition().toString())
            .thenComparing(each -> each.sort().map(Value::toString).orElse(""));
    return items.entrySet().stream()
        .sorted(Map.Entry.comparingByKey(order))
        .map(Map.Entry::getValue)
        .toList();
  }

  private Items page(
      List<Item> all, @Nullable String position, int most, @Nullable Condition filter) {
    int from = position == null ? 0 : Integer.parseInt(position);
    int to = Math.min(all.size(), from + (most == 0 ? pageOf : most));
    List<Item> page =
        all.subList(from, to).stream()
            .filter(item -> filter == null || holds(filter, item))
            .toList();
    return new Items(page, to == all.size() ? null : String.valueOf(to));
  }

  @Override
  public CompletionStage<Items> query(Query query, @Nullable String position, int most) {
    Key by = query.index().flatMap(spec::index).map(IndexSpec::key).orElse(key);
    return request(
        "query " + most,
        () ->
            page(
                sorted().stream()
                    .filter(
                        item ->
                            item.get(by.partition().name()).equals(Optional.of(query.partition())))
                    .toList(),
                position,
                most,
                query.filter().orElse(null)));
  }

  @Override
  public CompletionStage<Items> scan(Scan scan, int segment, @Nullable String position) {
    return request(
        "scan " + segment,
        () ->
            page(
                sorted().stream()
                    .filter(
                        item -> Math.floorMod(keyOf(item).hashCode(), scan.segments()) == segment)
                    .toList(),
                position,
                scan.pageSize(),
                scan.filter().orElse(null)));
  }

  @Override
  public CompletionStage<List<Item>> putBatch(List<Item> batch) {
    return request(
        "putBatch " + batch.size(),
        () -> {
          int some = taken.apply(batch.size());
          batch.subList(0, some).forEach(item -> items.put(keyOf(item), item));
          return List.copyOf(batch.subList(some, batch.size()));
        });
  }

  @Override
  public CompletionStage<List<ItemKey>> deleteBatch(List<ItemKey> keys) {
    return request(
        "deleteBatch " + keys.size(),
        () -> {
          int some = taken.apply(keys.size());
          keys.subList(0, some).forEach(items::remove);
          return List.copyOf(keys.subList(some, keys.size()));
        });
  }

  @Override
  public CompletionStage<Read> getBatch(List<ItemKey> keys, boolean consistent) {
    return request(
        "getBatch " + keys.size(),
        () -> {
          int some = taken.apply(keys.size());
          List<Item> found =
              keys.subList(0, some).stream().filter(items::containsKey).map(items::get).toList();
          return new Read(found, keys.subList(some, keys.size()));
        });
  }

  @Override
  public CompletionStage<Void> transact(Transaction transaction) {
    return request(
        "transact",
        () -> {
          Map<ItemKey, Item> puts = new LinkedHashMap<>();
          for (Transaction.Action action : transaction.actions()) {
            if (action instanceof Transaction.Put put) {
              require(items.get(keyOf(put.item())), put.when());
              puts.put(keyOf(put.item()), put.item());
            } else if (action instanceof Transaction.Change change) {
              require(items.get(change.key()), change.when());
            }
          }
          items.putAll(puts);
          return null;
        });
  }
}
