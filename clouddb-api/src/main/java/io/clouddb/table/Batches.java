/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.internal.operation.DataCalls;
import io.clouddb.spi.table.TableData;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Batches of any size, cut into what one request takes. All of it is checked before the first. */
final class Batches {
  private final OpenTable table;
  private final TableData data;
  private final KeyChecks keys;

  Batches(OpenTable table) {
    this.table = table;
    this.data = table.data();
    this.keys = table.keys();
  }

  CompletableFuture<List<Item>> put(Collection<Item> items, int inFlight) {
    table.requireWritable();
    TableData.Limits limits = data.limits();
    boolean single = table.versions().counted();
    int most = single ? 1 : limits.batchWrites();
    long mostBytes = limits.batchBytes();
    Set<ItemKey> all = new HashSet<>(items.size() * 2);
    List<Item> stored = new ArrayList<>(items.size());
    List<List<Item>> chunks = new ArrayList<>(items.size() / most + 1);
    List<Item> chunk = new ArrayList<>(most);
    long bytes = 0;
    for (Item item : items) {
      Item next = table.versions().next(item);
      long its = keys.require(next);
      requireOnce(all, keys.keyOf(item));
      stored.add(next);
      if (!chunk.isEmpty() && (chunk.size() == most || bytes + its > mostBytes)) {
        chunks.add(chunk);
        chunk = new ArrayList<>(most);
        bytes = 0;
      }
      chunk.add(item);
      bytes += its;
    }
    if (!chunk.isEmpty()) {
      chunks.add(chunk);
    }
    Function<List<Item>, CompletionStage<List<Item>>> sender =
        single ? units -> putOne(units.get(0)) : data::putBatch;
    return run(
        "putAll",
        single ? Batch.Kind.SINGLE_WRITES : Batch.Kind.WRITES,
        inFlight,
        chunks,
        sender,
        keys::keyOf,
        items.size(),
        Map.of(),
        () -> Collections.unmodifiableList(stored));
  }

  private CompletionStage<List<Item>> putOne(Item item) {
    Versions versions = table.versions();
    return data.put(versions.next(item), versions.before(item, null))
        .thenApply(written -> List.of());
  }

  CompletableFuture<@Nullable Void> delete(Collection<ItemKey> asked, int inFlight) {
    table.requireWritable();
    return run(
        "deleteAll",
        Batch.Kind.WRITES,
        inFlight,
        chunks(asked, data.limits().batchWrites()),
        data::deleteBatch,
        Function.identity(),
        asked.size(),
        Map.of(),
        () -> null);
  }

  CompletableFuture<Map<ItemKey, Item>> get(
      Collection<ItemKey> asked, boolean consistent, int inFlight) {
    List<List<ItemKey>> chunks = chunks(asked, data.limits().batchReads());
    Map<ItemKey, Item> read = new ConcurrentHashMap<>();
    Function<List<ItemKey>, CompletionStage<List<ItemKey>>> sender =
        units ->
            data.getBatch(units, consistent)
                .thenApply(
                    answer -> {
                      answer.found().forEach(item -> read.put(keys.keyOf(item), item));
                      return answer.unread();
                    });
    return run(
        "getAll",
        Batch.Kind.READS,
        inFlight,
        chunks,
        sender,
        Function.identity(),
        asked.size(),
        read,
        () -> inOrder(chunks, read));
  }

  private static Map<ItemKey, Item> inOrder(List<List<ItemKey>> asked, Map<ItemKey, Item> read) {
    Map<ItemKey, Item> found = new LinkedHashMap<>(read.size() * 2);
    for (List<ItemKey> chunk : asked) {
      for (ItemKey key : chunk) {
        Item item = read.get(key);
        if (item != null) {
          found.put(key, item);
        }
      }
    }
    return Collections.unmodifiableMap(found);
  }

  private List<List<ItemKey>> chunks(Collection<ItemKey> asked, int most) {
    Set<ItemKey> all = new LinkedHashSet<>(asked.size() * 2);
    List<List<ItemKey>> chunks = new ArrayList<>(asked.size() / most + 1);
    List<ItemKey> chunk = new ArrayList<>(most);
    for (ItemKey key : asked) {
      keys.require(key);
      requireOnce(all, key);
      chunk.add(key);
      if (chunk.size() == most) {
        chunks.add(chunk);
        chunk = new ArrayList<>(most);
      }
    }
    if (!chunk.isEmpty()) {
      chunks.add(chunk);
    }
    return chunks;
  }

  private static void requireOnce(Set<ItemKey> all, ItemKey key) {
    if (!all.add(key)) {
      throw KeyChecks.refused(
          "A batch has a key twice, at place " + all.size() + " again",
          "Leave the one out that is not meant: a batch has no order.");
    }
  }

  private <U, T extends @Nullable Object> CompletableFuture<T> run(
      String call,
      Batch.Kind kind,
      int inFlight,
      List<List<U>> chunks,
      Function<List<U>, CompletionStage<List<U>>> sender,
      Function<U, ItemKey> keyOf,
      int size,
      Map<ItemKey, Item> found,
      Supplier<T> result) {
    Batch<U> batch =
        new Batch<>(table.calls(), table.retryPolicy(), kind, inFlight, chunks, sender);
    return table
        .calls()
        .whole(
            call,
            new DataCalls.Whole<T>() {
              @Override
              public CompletionStage<T> begin() {
                return batch
                    .begin()
                    .thenApply(
                        outcome -> {
                          if (outcome.cause() != null) {
                            throw incomplete(call, outcome, keyOf, size, found);
                          }
                          return result.get();
                        });
              }

              @Override
              public void stop(CloudDbException why) {
                batch.stop(why);
              }
            });
  }

  private <U> RuntimeException incomplete(
      String call,
      Batch.Outcome<U> outcome,
      Function<U, ItemKey> keyOf,
      int size,
      Map<ItemKey, Item> found) {
    Throwable cause = outcome.cause();
    if (cause instanceof Error error) {
      throw error;
    }
    List<ItemKey> notDone = outcome.notDone().stream().map(keyOf).toList();
    List<ItemKey> unknown = outcome.unknown().stream().map(keyOf).toList();
    ErrorCategory category =
        cause instanceof CloudDbException ours ? ours.category() : ErrorCategory.OTHER;
    ErrorDetails details =
        ErrorDetails.of(
                unknown.isEmpty() ? category : ErrorCategory.OUTCOME_UNKNOWN,
                "%s of %d: %d are not done, and of %d it is unknown. The first reason: %s"
                    .formatted(
                        call,
                        size,
                        notDone.size(),
                        unknown.size(),
                        cause instanceof CloudDbException ours
                            ? ours.details().message()
                            // Its message may hold anybody's data, and the cause is there.
                            : Objects.requireNonNull(cause).getClass().getName()))
            .retryable(false)
            .outcomeKnown(unknown.isEmpty())
            .operation(
                cause instanceof CloudDbException e ? e.details().operation().orElse(null) : null)
            .resource(table.calls().resource())
            .providerCode(
                cause instanceof CloudDbException e
                    ? e.details().providerCode().orElse(null)
                    : null)
            .requestId(
                cause instanceof CloudDbException e ? e.details().requestId().orElse(null) : null)
            .nextStep(
                "Go on with notDone() of this exception"
                    + (unknown.isEmpty() ? "." : ", and read what unknown() names before."))
            .build();
    return new BatchIncompleteException(
        details, notDone, unknown, new LinkedHashMap<>(found), cause);
  }
}
