/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.ResourceId;
import io.clouddb.aws.internal.SignedJsonClient;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.Customizations;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.RemoteCalls;
import io.clouddb.spi.RetryPolicy;
import io.clouddb.spi.table.TableDriver;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.StepRun;
import io.clouddb.spi.workflow.Workflow;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.DefaultAwsResponseMetadata;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbResponseMetadata;
import software.amazon.awssdk.services.dynamodb.model.ReplicaDescription;
import software.amazon.awssdk.services.dynamodb.model.SSEStatus;

/** What a step makes of a refusal that may be for what it, or another operator, has done. */
class TableStepTest {
  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
  private static final ResourceId TABLE =
      ResourceId.of("aws", "123456789012", ResourceId.GLOBAL, "table", "shop");
  private final CloudDbException refusal =
      ErrorDetails.of(ErrorCategory.INVALID_ARGUMENT, "KMS key is disabled").toException();

  private static DynamoDbClient unused(String region) {
    throw new AssertionError("nobody is asked in " + region);
  }

  private static SignedJsonClient unscaled(String region) {
    throw new AssertionError("nothing is scaled in " + region);
  }

  /** A step that sees one thing after the other, and whose requests are answered in turn. */
  private static final class Step extends TableStep {
    private final Deque<Supplier<Look>> looks = new ArrayDeque<>();
    private final Deque<CloudDbException> answers = new ArrayDeque<>();

    Step(List<Supplier<Look>> looks, List<CloudDbException> answers) {
      this(looks, answers, TableStepTest::unused);
    }

    Step(
        List<Supplier<Look>> looks,
        List<CloudDbException> answers,
        Function<String, DynamoDbClient> clients) {
      super(
          "a step",
          new RegionalCalls(
              "us-east-1",
              clients,
              TableStepTest::unscaled,
              new RemoteCalls(
                  "aws", RetryPolicy.NONE, ObservationRegistry.NOOP, ControlErrors.ofReads())));
      this.looks.addAll(looks);
      this.answers.addAll(answers);
    }

    @Override
    public Look look(StepContext context) {
      return looks.remove().get();
    }

    @Override
    public Begun begin(StepContext context) {
      CloudDbException answer = answers.remove();
      if (!answer.details().outcomeKnown()) {
        throw answer;
      }
      return refused(context, answer);
    }
  }

  private static Look another() {
    return Look.going("another index is being made");
  }

  private static StepRun<ResourceId> run(Step step) {
    OperationState state =
        OperationState.begin(
            TableDriver.DELETE.id(), TABLE, UUID.randomUUID().toString(), NOW, null);
    return new StepRun<>(
        Workflow.of(TableDriver.DELETE)
            .prepare(StepContext::state)
            .step(step)
            .result(StepContext::resource),
        new StepContext(state, Customizations.NONE, SecretRef::resolve, NOW),
        written -> {},
        true);
  }

  @Test
  void isRefusedThoughAnotherOperatorsChangeGoesOn() {
    StepRun<ResourceId> run =
        run(new Step(List.of(Look::missing, TableStepTest::another), List.of(refusal)));
    CloudDbException failed = catchThrowableOfType(CloudDbException.class, () -> run.poll(NOW));
    assertThat(failed).hasMessageContaining("KMS key is disabled");
    assertThat(failed.details().outcomeKnown()).isTrue();
    assertThat(run.isOver(failed)).isTrue();
  }

  @Test
  void goesOnWhereAnEarlierRequestMayHaveBegunIt() {
    CloudDbException lost =
        ErrorDetails.of(ErrorCategory.OUTCOME_UNKNOWN, "no answer")
            .outcomeKnown(false)
            .toException();
    StepRun<ResourceId> run =
        run(
            new Step(
                List.of(Look::missing, Look::missing, TableStepTest::another, Look::happened),
                List.of(lost, refusal)));
    assertThat(run.poll(NOW)).isInstanceOf(StepRun.Outcome.Running.class);
    Instant unseen = NOW.plus(Duration.ofMinutes(3));
    assertThat(run.poll(unseen)).isInstanceOf(StepRun.Outcome.Running.class);
    assertThat(run.poll(unseen)).isEqualTo(new StepRun.Outcome.Done<>(TABLE));
  }

  @Test
  void isDoneWhereAnotherOperatorHasDoneTheSame() {
    StepRun<ResourceId> run =
        run(new Step(List.of(Look::missing, Look::happened, Look::happened), List.of(refusal)));
    assertThat(run.poll(NOW)).isInstanceOf(StepRun.Outcome.Running.class);
    assertThat(run.poll(NOW)).isEqualTo(new StepRun.Outcome.Done<>(TABLE));
  }

  @Test
  void namesTheRefusalWhereTheLookAfterItFails() {
    Supplier<Look> down =
        () -> {
          throw ErrorDetails.of(ErrorCategory.UNAVAILABLE, "down").toException();
        };
    StepRun<ResourceId> run = run(new Step(List.of(Look::missing, down), List.of(refusal)));
    CloudDbException failed = catchThrowableOfType(CloudDbException.class, () -> run.poll(NOW));
    assertThat(failed).hasMessageContaining("down").hasSuppressedException(refusal);
    assertThat(run.isOver(failed)).isFalse();
  }

  /** A table in two regions, of which the other one's key is as it says. */
  private record Client(String region, Supplier<SSEStatus> key) implements DynamoDbClient {
    @Override
    public DescribeTableResponse describeTable(DescribeTableRequest request) {
      DescribeTableResponse.Builder answer =
          DescribeTableResponse.builder()
              .table(
                  table ->
                      table
                          .tableName(request.tableName())
                          .tableStatus("ACTIVE")
                          .replicas(ReplicaDescription.builder().regionName("eu-west-1").build())
                          .sseDescription(
                              region.equals("eu-west-1")
                                  ? sse -> sse.status(key.get())
                                  : sse -> {}));
      answer.responseMetadata(
          DynamoDbResponseMetadata.create(
              DefaultAwsResponseMetadata.create(Map.of("AWS_REQUEST_ID", "1"))));
      return answer.build();
    }

    @Override
    public String serviceName() {
      return DynamoDbClient.SERVICE_NAME;
    }

    @Override
    public void close() {}
  }

  @Test
  void waitsWhileTheKeyOfAnotherRegionIsChangedAndNotForOneThatIsDisabled() {
    CloudDbException encrypting =
        ErrorDetails.of(
                ErrorCategory.CONDITION_FAILED,
                "Operation cannot be performed while replica server-side encryption status is in"
                    + " UPDATING state. Please retry the request after the status is updated to"
                    + " ENABLED.")
            .nextStep("Look whether the key is enabled")
            .toException();
    AtomicReference<SSEStatus> key = new AtomicReference<>(SSEStatus.ENABLED);
    StepRun<ResourceId> run =
        run(
            new Step(
                List.of(Look::missing, Look::missing, Look::missing),
                List.of(encrypting, encrypting, encrypting),
                region -> new Client(region, key::get)));
    // What was just changed is perhaps not told yet.
    assertThat(run.poll(NOW)).isInstanceOf(StepRun.Outcome.Running.class);
    key.set(SSEStatus.UPDATING);
    assertThat(run.poll(NOW.plus(Duration.ofHours(1)))).isInstanceOf(StepRun.Outcome.Running.class);
    key.set(SSEStatus.ENABLED);
    CloudDbException failed =
        catchThrowableOfType(CloudDbException.class, () -> run.poll(NOW.plus(Duration.ofHours(2))));
    assertThat(failed)
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("Look whether the key is enabled");
    assertThat(failed.details().outcomeKnown()).isTrue();
  }
}
