/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.async.SdkAsyncHttpResponseHandler;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;

/** What the SDK makes of an answer, and of the end of the exchange in which it came. */
class WholeAnswersTest {
  private static final byte[] REFUSAL =
      """
      {"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",\
      "message":"The conditional request failed"}\
      """
          .getBytes(StandardCharsets.UTF_8);

  private final Transport transport = new Transport();
  private final WholeAnswers answers = new WholeAnswers(transport);
  private final DynamoDbAsyncClient client =
      DynamoDbAsyncClient.builder()
          .region(Region.US_EAST_1)
          .endpointOverride(URI.create("http://127.0.0.1:1"))
          .credentialsProvider(AnonymousCredentialsProvider.create())
          .endpointDiscoveryEnabled(false)
          .overrideConfiguration(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry()))
          .httpClient(answers)
          .build();

  /** A transport that does with a request what a test says. */
  private static final class Transport implements SdkAsyncHttpClient {
    private final CompletableFuture<AsyncExecuteRequest> asked = new CompletableFuture<>();
    private final CompletableFuture<Subscriber<? super ByteBuffer>> reader =
        new CompletableFuture<>();

    private final AtomicBoolean sent = new AtomicBoolean();
    private volatile boolean closedUnderWay;

    /** Ended by this test alone, but where somebody gives it up. */
    private final CompletableFuture<Void> exchange = new CompletableFuture<>();

    @Override
    public CompletableFuture<Void> execute(AsyncExecuteRequest request) {
      asked.complete(request);
      return exchange;
    }

    /** Sends a head, and a body as far as it is given. */
    void answer(byte[] body) {
      AsyncExecuteRequest request = asked.orTimeout(20, TimeUnit.SECONDS).join();
      request
          .responseHandler()
          .onHeaders(
              SdkHttpResponse.builder()
                  .statusCode(400)
                  .putHeader("Content-Length", Integer.toString(REFUSAL.length))
                  .putHeader("x-amzn-RequestId", "A1")
                  .build());
      request
          .responseHandler()
          .onStream(
              subscriber ->
                  subscriber.onSubscribe(
                      new Subscription() {
                        @Override
                        public void request(long most) {
                          if (sent.compareAndSet(false, true)) {
                            subscriber.onNext(ByteBuffer.wrap(body));
                            reader.complete(subscriber);
                          }
                        }

                        @Override
                        public void cancel() {
                          throw new IllegalStateException("Nobody is to end an answer");
                        }
                      }));
    }

    void bodyEnds() {
      reader.orTimeout(20, TimeUnit.SECONDS).join().onComplete();
    }

    void breaks() {
      IOException closed = new IOException("The connection was closed during the request");
      asked.join().responseHandler().onError(closed);
      exchange.completeExceptionally(closed);
    }

    @Override
    public void close() {
      closedUnderWay = !exchange.isDone();
    }
  }

  @AfterEach
  void close() {
    client.close();
  }

  private CompletableFuture<PutItemResponse> put() {
    return client.putItem(
        put ->
            put.tableName("t")
                .item(Map.of("a", AttributeValue.fromS("b")))
                .conditionExpression("attribute_not_exists(a)"));
  }

  private static void assertRefused(CompletableFuture<PutItemResponse> call) {
    assertThatThrownBy(() -> call.orTimeout(20, TimeUnit.SECONDS).join())
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(ConditionalCheckFailedException.class);
  }

  /** The SDK ends the exchange of a refusal that it has read, and the transport its connection. */
  @Test
  void aRefusalIsToldWhenItsExchangeIsOver() {
    CompletableFuture<PutItemResponse> call = put();
    transport.answer(REFUSAL);
    transport.bodyEnds();
    assertThat(call).isNotDone();
    transport.exchange.complete(null);
    assertRefused(call);
    assertThat(transport.exchange).isCompletedWithValue(null);
  }

  @Test
  void aRefusalThatWasReadIsOneWhateverBecomesOfItsConnection() {
    CompletableFuture<PutItemResponse> call = put();
    transport.answer(REFUSAL);
    transport.bodyEnds();
    transport.breaks();
    assertRefused(call);
  }

  @Test
  void anAnswerThatBreaksOffIsLost() {
    CompletableFuture<PutItemResponse> call = put();
    transport.answer(REFUSAL);
    transport.breaks();
    assertThatThrownBy(() -> call.orTimeout(20, TimeUnit.SECONDS).join())
        .hasCauseInstanceOf(SdkClientException.class)
        .hasMessageContaining("closed during the request");
  }

  @Test
  void whoeverGivesUpEndsTheExchange() {
    CompletableFuture<PutItemResponse> call =
        client.putItem(
            put ->
                put.tableName("t")
                    .item(Map.of("a", AttributeValue.fromS("b")))
                    .overrideConfiguration(o -> o.apiCallTimeout(Duration.ofMillis(50))));
    assertThatThrownBy(() -> call.orTimeout(20, TimeUnit.SECONDS).join())
        .hasCauseInstanceOf(ApiCallTimeoutException.class);
    assertThatThrownBy(() -> transport.exchange.orTimeout(20, TimeUnit.SECONDS).join())
        .isInstanceOf(CancellationException.class);
  }

  /** A call that nobody ends stays until its time is over, and nobody knows then what it did. */
  @Test
  void anAnswerThatCannotBeToldEndsTheCall() {
    AssertionError full = new AssertionError("no memory");
    SdkAsyncHttpResponseHandler handler =
        new SdkAsyncHttpResponseHandler() {
          @Override
          public void onHeaders(SdkHttpResponse headers) {}

          @Override
          public void onStream(Publisher<ByteBuffer> stream) {
            throw full;
          }

          @Override
          public void onError(Throwable error) {}
        };
    CompletableFuture<Void> whole =
        answers.execute(AsyncExecuteRequest.builder().responseHandler(handler).build());
    transport.answer(REFUSAL);
    transport.bodyEnds();
    transport.exchange.complete(null);
    assertThatThrownBy(() -> whole.orTimeout(20, TimeUnit.SECONDS).join()).hasRootCause(full);
  }

  @Test
  void whatBeginsWhileItIsClosedIsCutOffToo() {
    answers.close();
    CompletableFuture<Throwable> told = new CompletableFuture<>();
    SdkAsyncHttpResponseHandler handler =
        new SdkAsyncHttpResponseHandler() {
          @Override
          public void onHeaders(SdkHttpResponse headers) {}

          @Override
          public void onStream(Publisher<ByteBuffer> stream) {}

          @Override
          public void onError(Throwable error) {
            told.complete(error);
          }
        };
    assertThat(answers.execute(AsyncExecuteRequest.builder().responseHandler(handler).build()))
        .isCompletedExceptionally();
    assertThat(told).isCompleted();
    assertThat(transport.exchange).isCancelled();
  }

  @Test
  void whatIsUnderWayIsCutOffBeforeItsTransportIsClosed() {
    CompletableFuture<PutItemResponse> call = put();
    transport.asked.orTimeout(20, TimeUnit.SECONDS).join();
    answers.close();
    assertThat(transport.closedUnderWay).isFalse();
    assertThat(transport.exchange).isCancelled();
    assertThatThrownBy(() -> call.orTimeout(20, TimeUnit.SECONDS).join())
        .hasCauseInstanceOf(SdkClientException.class)
        .hasMessageContaining("closed during the request");
  }
}
