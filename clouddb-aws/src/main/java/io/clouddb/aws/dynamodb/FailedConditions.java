/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.error.CloudDbException;
import io.clouddb.table.Item;
import io.clouddb.table.ItemConditionFailedException;
import io.clouddb.table.TransactionConditionFailedException;
import io.clouddb.table.TransactionConditionFailedException.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * Failed conditions with the items that are there. The SDK's exception has the items too, and is
 * serialized with them: the cause is a copy without.
 */
final class FailedConditions {
  private static final String FAILED = "ConditionalCheckFailed";

  private FailedConditions() {}

  /** What a write of one item ends with. */
  static CompletionException ofItem(Throwable failure) {
    Throwable ours = DynamoCalls.unwrapped(failure);
    if (ours instanceof CloudDbException e
        && e.getCause() instanceof ConditionalCheckFailedException refused) {
      return new CompletionException(
          new ItemConditionFailedException(
              e.details(), refused.hasItem() ? item(refused.item()) : null, without(refused)));
    }
    return new CompletionException(ours);
  }

  /** What a transaction ends with. */
  static CloudDbException ofTransaction(CloudDbException failure) {
    if (!(failure.getCause() instanceof TransactionCanceledException cancelled)) {
      return failure;
    }
    List<Failure> failures = new ArrayList<>();
    List<CancellationReason> reasons = cancelled.cancellationReasons();
    for (int i = 0; i < reasons.size(); i++) {
      CancellationReason reason = reasons.get(i);
      if (FAILED.equals(reason.code())) {
        failures.add(new Failure(i, reason.hasItem() ? item(reason.item()) : null));
      }
    }
    return failures.isEmpty()
        ? failure.details().toBuilder().toException(without(cancelled))
        : new TransactionConditionFailedException(failure.details(), failures, without(cancelled));
  }

  private static @Nullable Item item(Map<String, AttributeValue> attributes) {
    return attributes.isEmpty() ? null : AttributeValues.item(attributes);
  }

  private static Throwable without(ConditionalCheckFailedException refused) {
    return refused.toBuilder()
        .item((Map<String, AttributeValue>) null)
        .awsErrorDetails(without(refused.awsErrorDetails()))
        .build();
  }

  private static Throwable without(TransactionCanceledException cancelled) {
    List<CancellationReason> reasons = new ArrayList<>();
    for (CancellationReason reason : cancelled.cancellationReasons()) {
      reasons.add(CancellationReason.builder().code(reason.code()).build());
    }
    return cancelled.toBuilder()
        .cancellationReasons(reasons)
        .awsErrorDetails(without(cancelled.awsErrorDetails()))
        .build();
  }

  /** They have the whole answer as it came. */
  private static @Nullable AwsErrorDetails without(@Nullable AwsErrorDetails details) {
    return details == null ? null : details.toBuilder().rawResponse(null).build();
  }
}
