/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import static io.clouddb.aws.dynamodb.DynamoTestTable.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.OutcomeUnknownException;
import io.clouddb.spi.RemoteCalls;
import io.clouddb.spi.RetryPolicy;
import io.clouddb.table.Item;
import io.clouddb.table.Transaction;
import io.micrometer.observation.ObservationRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.DefaultAwsResponseMetadata;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbResponseMetadata;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** What becomes of a transaction by what the service answers to its attempts. */
class TransactionCallsTest {
  private static final Transaction TRANSACTION =
      Transaction.of().put(Item.builder().set("pk", "a").set("sk", "b").build());

  /** Stands for an answer without a request id. */
  private final Throwable strange = new IllegalStateException("no failure");

  private final AtomicLong now = new AtomicLong();
  private final Deque<Throwable> answers = new ArrayDeque<>();
  private final List<String> tokens = new ArrayList<>();

  /** A client that answers each transaction with the next failure. */
  private final class Client implements DynamoDbAsyncClient {
    @Override
    public CompletableFuture<TransactWriteItemsResponse> transactWriteItems(
        TransactWriteItemsRequest request) {
      tokens.add(request.clientRequestToken());
      now.addAndGet(Duration.ofMinutes(5).toNanos());
      Throwable next = answers.remove();
      return next == strange
          ? CompletableFuture.completedFuture(
              (TransactWriteItemsResponse)
                  TransactWriteItemsResponse.builder()
                      .responseMetadata(
                          DynamoDbResponseMetadata.create(
                              DefaultAwsResponseMetadata.create(Map.of())))
                      .build())
          : CompletableFuture.failedFuture(next);
    }

    @Override
    public String serviceName() {
      return SERVICE_NAME;
    }

    @Override
    public void close() {}
  }

  private void transact() {
    RemoteCalls remote =
        new RemoteCalls(
            "aws",
            new RetryPolicy(5, Duration.ofMillis(1), Duration.ofMillis(1)),
            ObservationRegistry.NOOP,
            DynamoErrors.ofChanges());
    DynamoCalls calls = new DynamoCalls(Client::new, "us-east-1", "app", remote);
    await(
        new TransactionCalls(
                calls, new TableKeys(DynamoTestTable.SPEC), true, () -> "token", now::get)
            .transact(TRANSACTION));
  }

  @Test
  void aTokenThatTheServiceMayHaveForgottenIsNotUsed() {
    for (int i = 0; i < 5; i++) {
      answers.add(SdkClientException.create("gone", new IOException("reset")));
    }
    assertThatThrownBy(this::transact).isInstanceOf(OutcomeUnknownException.class);
    assertThat(tokens).containsExactly("token", "token");
  }

  /** What answers in the service's place may have passed it on. */
  @Test
  void anAnswerThatIsNotTheServicesIsLost() {
    answers.add(strange);
    answers.add(cancelled("ConditionalCheckFailed"));
    assertThatThrownBy(this::transact)
        .isInstanceOf(OutcomeUnknownException.class)
        .hasMessageContaining("was lost");
  }

  private static TransactionCanceledException cancelled(String... codes) {
    List<CancellationReason> reasons = new ArrayList<>();
    for (String code : codes) {
      reasons.add(CancellationReason.builder().code(code).message("why").build());
    }
    return TransactionCanceledException.builder()
        .cancellationReasons(reasons)
        .statusCode(400)
        .awsErrorDetails(
            AwsErrorDetails.builder()
                .errorCode("TransactionCanceledException")
                .errorMessage("Transaction cancelled")
                .build())
        .build();
  }

  @ParameterizedTest
  @CsvSource({
    "CONDITION_FAILED, TransactionConflict, ConditionalCheckFailed",
    "BUSY, None, TransactionConflict",
    "THROTTLED, ThrottlingError, None",
    "THROTTLED, ProvisionedThroughputExceeded, TransactionConflict",
    "QUOTA, TransactionConflict, ItemCollectionSizeLimitExceeded",
    "INVALID_ARGUMENT, ThrottlingError, ValidationError",
    "OTHER, None, None"
  })
  void theMostLastingReasonDecides(ErrorCategory category, String first, String second) {
    CloudDbException why =
        DynamoErrors.ofChanges().translate(cancelled(first, second)).orElseThrow().toException();
    assertThat(why.category()).isEqualTo(category);
    assertThat(why.details().outcomeKnown()).isTrue();
  }

  @Test
  void aWriteThatMetABreakdownIsUnknownAndAReadIsNot() {
    DynamoDbException broken =
        (DynamoDbException)
            DynamoDbException.builder()
                .statusCode(500)
                .awsErrorDetails(AwsErrorDetails.builder().errorCode("InternalServerError").build())
                .build();
    assertThat(category(DynamoErrors.ofChanges(), broken)).isEqualTo(ErrorCategory.OUTCOME_UNKNOWN);
    assertThat(category(DynamoErrors.ofReads(), broken)).isEqualTo(ErrorCategory.UNAVAILABLE);
  }

  @ParameterizedTest
  @CsvSource({
    "Acquire operation took longer than the configured maximum time.",
    "Maximum pending connection acquisitions exceeded."
  })
  void whatGotNoConnectionWasNotSent(String words) {
    CloudDbException why =
        DynamoErrors.ofChanges()
            .translate(
                SdkClientException.create(
                    "Unable to execute HTTP request", new IllegalStateException(words)))
            .orElseThrow()
            .toException();
    assertThat(why.category()).isEqualTo(ErrorCategory.UNAVAILABLE);
    assertThat(why.details().outcomeKnown()).isTrue();
  }

  private static ErrorCategory category(DynamoErrors errors, RuntimeException failure) {
    return errors.translate(failure).orElseThrow().toException().category();
  }
}
