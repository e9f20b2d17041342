/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.table.Condition;
import io.clouddb.table.Transaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;

/**
 * Transactions. Each has a token, by which DynamoDB knows one that it has done already, so that one
 * whose answer was lost is sent again. It knows it for ten minutes.
 */
final class TransactionCalls {
  static final int MOST_ACTIONS = 100;
  static final long MOST_BYTES = 4 * 1024 * 1024;
  private static final Duration KNOWN = Duration.ofMinutes(9);

  private final DynamoCalls calls;
  private final TableKeys keys;
  private final boolean available;
  private final Supplier<String> tokens;
  private final LongSupplier nanoTime;

  TransactionCalls(
      DynamoCalls calls,
      TableKeys keys,
      boolean available,
      Supplier<String> tokens,
      LongSupplier nanoTime) {
    this.calls = calls;
    this.keys = keys;
    this.available = available;
    this.tokens = tokens;
    this.nanoTime = nanoTime;
  }

  int mostActions() {
    return available ? MOST_ACTIONS : 0;
  }

  CompletionStage<Void> transact(Transaction transaction) {
    Sending sending = new Sending(request(transaction));
    return calls
        .<TransactWriteItemsResponse, Void>repeatableWrite(
            "dynamodb.TransactWriteItems", sending::attempt, answer -> null)
        .exceptionally(
            failure -> {
              throw new CompletionException(sending.meaning(DynamoCalls.unwrapped(failure)));
            });
  }

  /** The attempts of one transaction. */
  private final class Sending {
    private final TransactWriteItemsRequest request;
    private final long begun = nanoTime.getAsLong();
    private volatile boolean lost;

    Sending(TransactWriteItemsRequest request) {
      this.request = request;
    }

    CompletableFuture<TransactWriteItemsResponse> attempt(DynamoDbAsyncClient client) {
      if (nanoTime.getAsLong() - begun > KNOWN.toNanos()) {
        return CompletableFuture.failedFuture(
            ErrorDetails.of(
                    ErrorCategory.UNAVAILABLE,
                    "DynamoDB does not know the token of a transaction for longer than it took"
                        + " already")
                .retryable(false)
                .toException());
      }
      return client
          .transactWriteItems(request)
          .thenApply(ControlCalls::answered)
          .whenComplete(
              (answer, failure) -> {
                if (failure instanceof Exception e && isLost(e)) {
                  lost = true;
                }
              });
    }

    private boolean isLost(Exception e) {
      return !(DynamoCalls.unwrapped(e) instanceof RuntimeException why)
          || DynamoErrors.ofChanges()
              .translate(why)
              .map(details -> !details.toException().details().outcomeKnown())
              .orElse(true);
    }

    /** What a later attempt was refused for says nothing about one whose answer was lost. */
    Throwable meaning(Throwable failure) {
      if (!(failure instanceof CloudDbException e)) {
        return failure;
      }
      if (!lost || !e.details().outcomeKnown()) {
        return FailedConditions.ofTransaction(e);
      }
      return ErrorDetails.of(
              ErrorCategory.OUTCOME_UNKNOWN,
              "The answer to the transaction was lost, and repeated with the same token it met: "
                  + e.details().message())
          .operation(e.details().operation().orElse(null))
          .resource(e.details().resource().orElse(null))
          .providerCode(e.details().providerCode().orElse(null))
          .requestId(e.details().requestId().orElse(null))
          .nextStep("Look whether the change was made before making it again.")
          .toException(FailedConditions.ofTransaction(e));
    }
  }

  private TransactWriteItemsRequest request(Transaction transaction) {
    List<Transaction.Action> actions = transaction.actions();
    if (!available) {
      throw Refused.unsupported(
          "DynamoDB has no transactions in a table that is consistent over all regions",
          "Write single items with conditions, or make the table with consistency REGIONAL.");
    }
    if (actions.isEmpty() || actions.size() > MOST_ACTIONS) {
      throw Refused.invalid(
          "A transaction of DynamoDB has 1 to "
              + MOST_ACTIONS
              + " actions, and this has "
              + actions.size());
    }
    List<TransactWriteItem> writes = new ArrayList<>(actions.size());
    for (Transaction.Action action : actions) {
      writes.add(write(action));
    }
    return TransactWriteItemsRequest.builder()
        .clientRequestToken(tokens.get())
        .transactItems(writes)
        .build();
  }

  private TransactWriteItem write(Transaction.Action action) {
    Expression expression = new Expression(keys.partitionName());
    TransactWriteItem.Builder write = TransactWriteItem.builder();
    if (action instanceof Transaction.Put put) {
      String condition = condition(expression, put.when());
      write.put(
          request ->
              request
                  .tableName(calls.table())
                  .item(AttributeValues.of(put.item()))
                  .conditionExpression(condition)
                  .expressionAttributeNames(expression.names())
                  .expressionAttributeValues(expression.values())
                  .returnValuesOnConditionCheckFailure(shown(condition)));
    } else if (action instanceof Transaction.Change change) {
      String update = UpdateExpression.of(change.update(), expression);
      String condition = condition(expression, change.when());
      write.update(
          request ->
              request
                  .tableName(calls.table())
                  .key(keys.of(change.key()))
                  .updateExpression(update)
                  .conditionExpression(condition)
                  .expressionAttributeNames(expression.names())
                  .expressionAttributeValues(expression.values())
                  .returnValuesOnConditionCheckFailure(shown(condition)));
    } else if (action instanceof Transaction.Delete delete) {
      String condition = condition(expression, delete.when());
      write.delete(
          request ->
              request
                  .tableName(calls.table())
                  .key(keys.of(delete.key()))
                  .conditionExpression(condition)
                  .expressionAttributeNames(expression.names())
                  .expressionAttributeValues(expression.values())
                  .returnValuesOnConditionCheckFailure(shown(condition)));
    } else if (action instanceof Transaction.Check check) {
      String condition = expression.condition(check.when());
      write.conditionCheck(
          request ->
              request
                  .tableName(calls.table())
                  .key(keys.of(check.key()))
                  .conditionExpression(condition)
                  .expressionAttributeNames(expression.names())
                  .expressionAttributeValues(expression.values())
                  .returnValuesOnConditionCheckFailure(shown(condition)));
    }
    return write.build();
  }

  private static @Nullable String condition(Expression expression, @Nullable Condition when) {
    return when == null ? null : expression.condition(when);
  }

  private static @Nullable ReturnValuesOnConditionCheckFailure shown(@Nullable String condition) {
    return condition == null ? null : ReturnValuesOnConditionCheckFailure.ALL_OLD;
  }
}
