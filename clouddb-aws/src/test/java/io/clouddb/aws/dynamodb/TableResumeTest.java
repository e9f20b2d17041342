/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import static io.clouddb.aws.dynamodb.TableCloud.AWAY;
import static io.clouddb.aws.dynamodb.TableCloud.HOME;
import static io.clouddb.aws.dynamodb.TableCloud.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.NotFoundException;
import io.clouddb.internal.operation.OperationToken;
import io.clouddb.operation.OperationKind;
import io.clouddb.plan.Specification;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.Customizations;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.RemoteCalls;
import io.clouddb.spi.RetryPolicy;
import io.clouddb.spi.table.TableDriver;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepAction;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.StepRun;
import io.clouddb.spi.workflow.Workflow;
import io.clouddb.table.ChangeImages;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.IndexSpec;
import io.clouddb.table.TableChange;
import io.clouddb.table.TableConsistency;
import io.clouddb.table.TableDescription;
import io.clouddb.table.TableRegion;
import io.clouddb.table.Throughput;
import io.clouddb.table.TimeToLive;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.Tag;

/** Operations that are killed, whose answers are lost, or that fail on their way. */
@org.junit.jupiter.api.Tag("slow")
class TableResumeTest {
  private static TableCloud aws;
  private CloudDb cloud;

  @BeforeAll
  static void start() {
    aws = new TableCloud();
  }

  @AfterAll
  static void stop() {
    aws.close();
  }

  @BeforeEach
  void open() {
    cloud = aws.open();
  }

  @AfterEach
  void close() {
    cloud.close();
    assertThat(aws.simulator.faults().pending()).isZero();
  }

  private static GlobalTableSpec spec(String name) {
    return TableCloud.plain(name)
        .index(TableCloud.index("gsi1"))
        .region(HOME)
        .region(AWAY)
        .throughput(Throughput.reads(TableCloud.scaled(9)).writes(TableCloud.scaled(9)))
        .pointInTimeRecoveryDays(3)
        .tag("app", "shop")
        .build();
  }

  /** A process that is gone. */
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private DynamoTableDriver driver() {
    return new DynamoTableDriver(
        "aws",
        HOME,
        aws.simulator::account,
        aws::client,
        aws::scaler,
        spec -> {
          throw new IllegalStateException("No data here");
        },
        new RemoteCalls(
            "aws", RetryPolicy.NONE, ObservationRegistry.NOOP, ControlErrors.ofReads()));
  }

  private static RegionalCalls regions() {
    return new RegionalCalls(
        HOME,
        aws::client,
        region -> {
          throw new IllegalStateException("Nothing is scaled here");
        },
        new RemoteCalls(
            "aws", RetryPolicy.NONE, ObservationRegistry.NOOP, ControlErrors.ofReads()));
  }

  /**
   * Follows an operation until a number of states was written down or reached.
   *
   * @return where it was when it was killed; null when it came to its end
   */
  private <T> @Nullable OperationState killedAfter(
      OperationKind<T> kind, String name, @Nullable Specification specification, int last) {
    Workflow<?> found =
        driver().workflows().stream()
            .filter(one -> one.kind().equals(kind))
            .findFirst()
            .orElseThrow();
    OperationState begun =
        OperationState.begin(
                kind.id(),
                ResourceId.of("aws", aws.simulator.account(), ResourceId.GLOBAL, "table", name),
                UUID.randomUUID().toString(),
                aws.clock.instant(),
                specification)
            .begunIn(HOME);
    OperationState[] state = {found.prepare(context(begun))};
    int[] reached = {0};
    StepRun<?> run =
        new StepRun<>(found, context(state[0]), next -> reach(next, state, reached, last), true);
    try {
      if (last == 0) {
        return state[0];
      }
      while (run.poll(aws.clock.instant()) instanceof StepRun.Outcome.Running) {
        reach(run.state(), state, reached, last);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
      }
      return null;
    } catch (Killed e) {
      return state[0];
    }
  }

  private static void reach(OperationState next, OperationState[] state, int[] reached, int last) {
    boolean another =
        !next.step().equals(state[0].step())
            || next.tries() != state[0].tries()
            || !next.item().equals(state[0].item())
            || !next.values().equals(state[0].values());
    state[0] = next;
    if (another && ++reached[0] >= last) {
      throw new Killed();
    }
  }

  private static StepContext context(OperationState state) {
    return new StepContext(state, Customizations.NONE, SecretRef::resolve, aws.clock.instant());
  }

  private static String token(OperationState state) {
    return new OperationToken("aws", SecretRef.literal(TableCloud.TOKEN_KEY)).write(state);
  }

  /** Each third state, since each costs seconds; which, another run can choose. */
  @Test
  void aCreationIsGoneOnWithFromWhereverItWasKilled() {
    for (int last = 0; ; last += 3) {
      String name = "killed-" + last;
      OperationState state = killedAfter(TableDriver.CREATE, name, spec(name), last);
      if (state == null) {
        assertThat(last).as("states of a creation").isGreaterThan(10);
        return;
      }
      TableDescription made =
          cloud.operations().resume(token(state), TableDescription.class).await(LIMIT);
      assertThat(made.regions()).as(state.toString()).containsOnlyKeys(HOME, AWAY);
      assertThat(cloud.tables().drift(spec(name)).differences()).as(state.toString()).isEmpty();
      assertThat(
              aws.simulator.requests("CreateTable").stream()
                  .filter(request -> request.body().contains("\"" + name + "\"")))
          .as(state.toString())
          .hasSize(1);
    }
  }

  @Test
  void aChangeIsGoneOnWithFromWhereverItWasKilled() {
    TableChange change =
        TableChange.builder()
            .removeIndex("gsi1")
            .addIndex(TableCloud.index("gsi2"))
            .removeRegion(AWAY)
            .throughput(Throughput.onDemand())
            .pointInTimeRecoveryDays(0)
            .tag("more", "tags")
            .build();
    for (int last = 0; ; last += 4) {
      String name = "changed-" + last;
      cloud.tables().create(spec(name)).await(LIMIT);
      OperationState state = killedAfter(TableDriver.MODIFY, name, change, last);
      if (state == null) {
        assertThat(last).as("states of a change").isGreaterThan(8);
        return;
      }
      TableDescription changed =
          cloud.operations().resume(token(state), TableDescription.class).await(LIMIT);
      assertThat(changed.spec().indexes())
          .as(state.toString())
          .extracting(IndexSpec::name)
          .containsExactly("gsi2");
      assertThat(changed.regions()).containsOnlyKeys(HOME);
      assertThat(changed.spec().throughput()).contains(Throughput.onDemand());
      assertThat(aws.left(HOME, name)).isEmpty();
      assertThat(aws.left(AWAY, name)).isEmpty();
    }
  }

  @Test
  void whatTakesAwayIsDoneByASealedTokenOnly() {
    cloud.tables().create(TableCloud.plain("sealed").build()).await(LIMIT);
    TableChange change =
        TableChange.builder()
            .timeToLive(TimeToLive.at("born"))
            .noChangeFeed()
            .pointInTimeRecoveryDays(1)
            .regionKey(HOME, "somebody-elses")
            .build();
    StepContext begun =
        context(Objects.requireNonNull(killedAfter(TableDriver.MODIFY, "sealed", change, 0)));
    RegionalCalls calls = regions();
    List<StepAction> steps =
        List.of(
            StreamSteps.off(calls),
            TimeToLiveStep.on(calls),
            SettingSteps.keys(calls),
            SettingSteps.recovery(calls));
    assertThat(steps)
        .allMatch(step -> step.applies(begun) && !step.items(begun).isEmpty())
        .allMatch(step -> step.guarded(begun));
    TableChange keyed =
        TableChange.builder()
            .regionKey(HOME, "ours")
            .addRegion(TableRegion.of(AWAY).key("somebody-elses"))
            .build();
    OperationState copying =
        Objects.requireNonNull(killedAfter(TableDriver.MODIFY, "sealed", keyed, 0));
    StepAction replica = new ReplicaStep(calls);
    assertThat(replica.items(context(copying))).containsExactly(AWAY);
    assertThat(replica.guarded(context(copying.at(ReplicaStep.NAME, AWAY, aws.clock.instant()))))
        .isTrue();
  }

  /** A replica of such a table gets none with its table. */
  @Test
  void theStreamOfAStrongTableIsSetInEachRegionThatIsAdded() {
    cloud.tables().create(TableCloud.plain("streams").build()).await(LIMIT);
    TableChange change =
        TableChange.builder()
            .consistency(TableConsistency.GLOBAL)
            .addRegion(TableRegion.of("us-east-2"))
            .addRegion(TableRegion.of("us-west-2"))
            .changeFeed(ChangeImages.NEW)
            .build();
    StepContext begun =
        context(Objects.requireNonNull(killedAfter(TableDriver.MODIFY, "streams", change, 0)));
    StepAction step = StreamSteps.ofAdded(regions());
    assertThat(step.applies(begun)).isTrue();
    assertThat(step.items(begun)).containsExactly("us-east-2", "us-west-2");
    TableDescription strong =
        cloud.operations().resume(token(begun.state()), TableDescription.class).await(LIMIT);
    assertThat(strong.spec().changeFeed()).contains(ChangeImages.NEW);
    for (String region : List.of("us-east-2", "us-west-2")) {
      try (DynamoDbClient client = aws.client(region)) {
        assertThat(
                client.describeTable(of -> of.tableName("streams")).table().streamSpecification())
            .as(region)
            .satisfies(of -> assertThat(of.streamViewTypeAsString()).isEqualTo("NEW_IMAGE"));
      }
    }
  }

  /** Each has allowed the removal, and one has done it: what is left to the other still comes. */
  @Test
  void aRegionThatAnotherHasRemovedIsNotWaitedFor() {
    GlobalTableSpec spec =
        TableCloud.plain("two-of-them").region(HOME).region(AWAY).deletionProtection(true).build();
    TableDescription both = cloud.tables().create(spec).await(LIMIT);
    TableChange change =
        TableChange.builder().removeRegion(AWAY).deletionProtection(false).tag("a", "b").build();
    TableChange tag = TableChange.builder().tag("everywhere", "1").build();
    OperationState first =
        Objects.requireNonNull(killedAfter(TableDriver.MODIFY, "two-of-them", change, 0));
    OperationState second =
        Objects.requireNonNull(killedAfter(TableDriver.MODIFY, "two-of-them", tag, 0));
    cloud
        .tables()
        .modify(
            both.id(), TableChange.builder().removeRegion(AWAY).deletionProtection(false).build())
        .await(LIMIT);
    TableDescription alone =
        cloud.operations().resume(token(first), TableDescription.class).await(LIMIT);
    assertThat(alone.regions()).containsOnlyKeys(HOME);
    assertThat(alone.spec().tags()).containsOnlyKeys("a");
    assertThatThrownBy(
            () -> cloud.operations().resume(token(second), TableDescription.class).await(LIMIT))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("two-of-them is not in " + AWAY + " any more")
        .hasMessageContaining("look at the table");
    StepContext late = context(first.at("end protection", AWAY, aws.clock.instant()));
    assertThat(SettingSteps.protectionOff(regions()).begin(late).message())
        .contains("is as it has to be");
  }

  /** That step was before most others once, and is after them now. */
  @Test
  void aChangeAtAStepThatHasMovedIsNotGoneOnWithBehindTheOthers() {
    cloud.tables().create(TableCloud.plain("moved").region(HOME).region(AWAY).build()).await(LIMIT);
    TableChange change =
        TableChange.builder().removeRegion(AWAY).addIndex(TableCloud.index("gsi1")).build();
    OperationState begun =
        Objects.requireNonNull(killedAfter(TableDriver.MODIFY, "moved", change, 0));
    OperationState there = begun.at("end scaling of what is removed", AWAY, aws.clock.instant());
    assertThatThrownBy(
            () -> cloud.operations().resume(token(there), TableDescription.class).await(LIMIT))
        .hasMessageContaining("a step that this release does not know");
    TableDescription changed =
        cloud.operations().resume(token(begun), TableDescription.class).await(LIMIT);
    assertThat(changed.spec().indexes()).hasSize(1);
  }

  @Test
  void anAliasWhoseAnswerIsLostIsSet() {
    TableDescription table =
        cloud.tables().create(TableCloud.plain("aliased").build()).await(LIMIT);
    aws.simulator.faults().on("UpdateTable").connectionResetAfter();
    TableDescription keyed =
        cloud
            .tables()
            .modify(table.id(), TableChange.builder().regionKey(HOME, "alias/ours").build())
            .await(LIMIT);
    assertThat(keyed.spec().regions().get(0).key()).isPresent();
  }

  /** Another operator has removed it between the look and the request. */
  @Test
  void whatIsGoneMeanwhileIsNotAskedFor() {
    TableDescription both =
        cloud
            .tables()
            .create(TableCloud.plain("raced").region(HOME).region(AWAY).build())
            .await(LIMIT);
    TableChange change = TableChange.builder().removeRegion(AWAY).build();
    OperationState begun =
        Objects.requireNonNull(killedAfter(TableDriver.MODIFY, "raced", change, 0));
    cloud.tables().modify(both.id(), change).await(LIMIT);
    int sent = aws.simulator.requests("UpdateTable").size();
    StepContext there = context(begun.at(RemoveReplicaStep.NAME, AWAY, aws.clock.instant()));
    assertThat(new RemoveReplicaStep(regions()).begin(there).message()).contains("gone meanwhile");
    assertThat(aws.simulator.requests("UpdateTable")).hasSize(sent);
    TableDescription alone =
        cloud.operations().resume(token(begun), TableDescription.class).await(LIMIT);
    assertThat(alone.regions()).containsOnlyKeys(HOME);
  }

  @Test
  void aDeletionIsGoneOnWithFromWhereverItWasKilled() {
    for (int last = 0; ; last += 2) {
      String name = "deleted-" + last;
      cloud.tables().create(spec(name)).await(LIMIT);
      OperationState state = killedAfter(TableDriver.DELETE, name, null, last);
      if (state == null) {
        assertThat(last).as("states of a deletion").isGreaterThan(3);
        return;
      }
      cloud.operations().resume(token(state), ResourceId.class).await(LIMIT);
      assertThat(cloud.tables().find(name)).as(state.toString()).isEmpty();
      assertThat(aws.left(AWAY, name)).isEmpty();
    }
  }

  @Test
  void anAnswerThatIsLostIsLookedForAndNothingIsMadeTwice() {
    aws.simulator.faults().on("CreateTable").connectionResetAfter();
    aws.simulator.faults().on("UpdateTable").connectionResetAfter();
    aws.simulator.faults().on("RegisterScalableTarget").connectionResetAfter();
    aws.simulator.faults().on("PutScalingPolicy").connectionResetAfter();
    aws.simulator.faults().on("UpdateContinuousBackups").connectionResetAfter();
    aws.simulator.faults().on("TagResource").connectionResetAfter();
    cloud.tables().create(spec("lost")).await(LIMIT);
    assertThat(cloud.tables().drift(spec("lost")).differences()).isEmpty();
    assertThat(
            aws.simulator.requests("CreateTable").stream()
                .filter(request -> request.body().contains("\"lost\"")))
        .hasSize(1);
  }

  @Test
  void whatIsThrottledOrDownIsAskedAgain() {
    aws.simulator.faults().on("CreateTable").throttled();
    aws.simulator.faults().on("DescribeTable").after(2).unavailable();
    aws.simulator.faults().on("DescribeScalableTargets").throttled();
    aws.simulator.faults().on("PutScalingPolicy").unavailable();
    aws.simulator.faults().on("UpdateTable").connectionResetBefore();
    cloud.tables().create(spec("throttled")).await(LIMIT);
    assertThat(cloud.tables().drift(spec("throttled")).differences()).isEmpty();
  }

  @Test
  void whatScalesAReplicaGoesWithItWhereTheNextOneFails() {
    aws.simulator
        .faults()
        .on("UpdateTable")
        .after(1)
        .refused(400, "AccessDeniedException", "User is not authorized");
    GlobalTableSpec three =
        TableCloud.plain("third")
            .region(HOME)
            .region(AWAY)
            .region("eu-west-2")
            .throughput(Throughput.reads(TableCloud.scaled(9)).writes(TableCloud.scaled(9)))
            .build();
    assertThatThrownBy(() -> cloud.tables().create(three).await(LIMIT))
        .hasMessageContaining("not authorized");
    assertThat(cloud.tables().find("third")).isEmpty();
    assertThat(aws.left(HOME, "third")).isEmpty();
    assertThat(aws.left(AWAY, "third")).isEmpty();
  }

  @Test
  void aCreationThatFailsTakesAwayWhatItMade() {
    aws.simulator
        .faults()
        .on("UpdateContinuousBackups")
        .refused(400, "AccessDeniedException", "User is not authorized");
    CloudDbException failed =
        catchThrowableOfType(
            CloudDbException.class, () -> cloud.tables().create(spec("failed")).await(LIMIT));
    assertThat(failed).hasMessageContaining("not authorized");
    assertThat(failed.details().leftBehind()).isEmpty();
    assertThat(cloud.tables().find("failed")).isEmpty();
    assertThat(aws.left(HOME, "failed")).isEmpty();
    assertThat(aws.left(AWAY, "failed")).isEmpty();
  }

  /** It would scale the next table of the name there, and no change would come to that region. */
  @Test
  void whatScalesARegionThatIsRemovedGoesWhateverFailsAfterIt() {
    TableDescription table = cloud.tables().create(spec("shrunk")).await(LIMIT);
    aws.simulator
        .faults()
        .on("UpdateTable")
        .after(1)
        .refused(400, "LimitExceededException", "Subscriber limit exceeded: too many indexes");
    TableChange change =
        TableChange.builder().removeRegion(AWAY).addIndex(TableCloud.index("gsi2")).build();
    assertThatThrownBy(() -> cloud.tables().modify(table.id(), change).await(LIMIT))
        .hasMessageContaining("too many indexes");
    assertThat(cloud.tables().get(table.id()).regions()).containsOnlyKeys(HOME);
    assertThat(aws.left(AWAY, "shrunk")).isEmpty();
  }

  /** DescribeTable is consistent at last: in the region, and in what the home region tells. */
  @Test
  void aRegionThatWasJustAddedIsWaitedForAndNotForEver() {
    cloud.tables().create(TableCloud.plain("stale").build()).await(LIMIT);
    TableChange change =
        TableChange.builder().addRegion(TableRegion.of(AWAY)).tag("a", "b").build();
    OperationState begun =
        Objects.requireNonNull(killedAfter(TableDriver.MODIFY, "stale", change, 0));
    StepAction tags = SettingSteps.tags(regions());
    Instant now = aws.clock.instant();
    StepContext early =
        new StepContext(begun.at("tags", AWAY, now), Customizations.NONE, SecretRef::resolve, now);
    StepContext late =
        new StepContext(
            begun.at("tags", AWAY, now.minus(Duration.ofHours(1))),
            Customizations.NONE,
            SecretRef::resolve,
            now);
    assertThat(tags.look(early)).isInstanceOf(Look.Going.class);
    assertThat(tags.look(late)).isInstanceOf(Look.Failed.class);
  }

  /** No plan has seen what a token asks for that anybody can have written. */
  @Test
  void theTagOfACreationIsTakenByNoToken() {
    TableDescription table =
        cloud.tables().create(TableCloud.plain("marked").tag("a", "b").build()).await(LIMIT);
    OperationState begun =
        Objects.requireNonNull(
            killedAfter(TableDriver.MODIFY, "marked", TableChange.builder().untag("a").build(), 0));
    TableChange forged =
        TableChange.builder().untag("a").untag(OperationState.CREATION_TAG).build();
    cloud.operations().resume(token(begun.asking(forged)), TableDescription.class).await(LIMIT);
    assertThat(cloud.tables().get(table.id()).spec().tags()).isEmpty();
    try (DynamoDbClient client = aws.client(HOME)) {
      String arn = client.describeTable(request -> request.tableName("marked")).table().tableArn();
      assertThat(client.listTagsOfResource(request -> request.resourceArn(arn)).tags())
          .extracting(Tag::key)
          .containsExactly(OperationState.CREATION_TAG);
    }
  }
}
