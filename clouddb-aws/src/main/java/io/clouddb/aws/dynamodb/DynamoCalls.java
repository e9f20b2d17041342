/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.error.CloudDbException;
import io.clouddb.spi.RemoteCalls;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbResponse;

/** The requests about the data of one table, each through {@link RemoteCalls}. */
final class DynamoCalls {
  private final Supplier<DynamoDbAsyncClient> client;
  private final String table;
  private final String where;
  private final RemoteCalls reads;
  private final RemoteCalls changes;

  DynamoCalls(
      Supplier<DynamoDbAsyncClient> client, String region, String table, RemoteCalls calls) {
    this.client = client;
    this.table = table;
    this.where = table + " in " + region;
    this.reads = calls.translating(DynamoErrors.ofReads());
    this.changes = calls.translating(DynamoErrors.ofChanges());
  }

  String table() {
    return table;
  }

  /**
   * A request that can be made again whatever became of it.
   *
   * @param reading makes of the answer what is wanted of it
   */
  <T extends DynamoDbResponse, R> CompletionStage<R> read(
      String operation,
      Function<DynamoDbAsyncClient, CompletableFuture<T>> call,
      Function<T, R> reading) {
    return reads.repeatableAsync(operation, where, () -> sent(call.apply(client.get()), reading));
  }

  /**
   * A request that must not take effect twice.
   *
   * @param reading makes of the answer what is wanted of it
   */
  <T extends DynamoDbResponse, R> CompletionStage<R> write(
      String operation,
      Function<DynamoDbAsyncClient, CompletableFuture<T>> call,
      Function<T, R> reading) {
    return changes
        .onceAsync(operation, where, () -> sent(call.apply(client.get()), reading))
        .exceptionally(
            failure -> {
              throw FailedConditions.ofItem(failure);
            });
  }

  /** A request that takes effect once, however often it is made. */
  <T extends DynamoDbResponse, R> CompletionStage<R> repeatableWrite(
      String operation,
      Function<DynamoDbAsyncClient, CompletableFuture<T>> call,
      Function<T, R> reading) {
    return changes.repeatableAsync(operation, where, () -> sent(call.apply(client.get()), reading));
  }

  /** What cannot be read in an answer is found within the call, as any failure of it. */
  private static <T extends DynamoDbResponse, R> CompletionStage<R> sent(
      CompletableFuture<T> sent, Function<T, R> reading) {
    return sent.handle(
        (response, failure) -> {
          if (failure != null) {
            throw new CompletionException(DynamoErrors.withoutData(unwrapped(failure)));
          }
          return reading.apply(ControlCalls.answered(response));
        });
  }

  /** What is refused before it is sent ends as what the service refuses. */
  static <T> CompletionStage<T> begun(Supplier<CompletionStage<T>> call) {
    try {
      return call.get();
    } catch (CloudDbException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  static Throwable unwrapped(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
