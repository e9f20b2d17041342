/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.DataSize;
import io.clouddb.ResourceId;
import io.clouddb.error.AuthenticationException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.DeadlineException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.error.NotFoundException;
import io.clouddb.error.QuotaException;
import io.clouddb.error.ThrottledException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Engine;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Storage;
import io.clouddb.operation.OperationKind;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.Customizations;
import io.clouddb.spi.OperationState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class StepRunTest {
  private static final OperationKind<String> KIND = OperationKind.of("thing.create", String.class);
  private static final ResourceId ID = ResourceId.of("recording", "", "here", "thing", "orders");

  private final List<String> log = new ArrayList<>();
  private final ScriptedStep first = new ScriptedStep("first", log);
  private final ScriptedStep second = new ScriptedStep("second", log);
  private final List<OperationState> written = new ArrayList<>();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  private OperationState begun() {
    return OperationState.begin(KIND.id(), ID, "op-1", now, null);
  }

  private StepRun<String> run(OperationState state, boolean creates, boolean trusted) {
    Workflow.Builder<String> builder = Workflow.of(KIND).step(first).step(second);
    if (creates) {
      builder.creates();
    }
    Workflow<String> workflow = builder.result(context -> "done " + context.state().values());
    StepContext context = new StepContext(state, Customizations.NONE, SecretRef::resolve, now);
    return new StepRun<>(
        workflow,
        context,
        next -> {
          log.add("write " + next.step() + " " + next.tries());
          written.add(next);
        },
        trusted);
  }

  private StepRun<String> run() {
    return run(begun(), true, true);
  }

  private StepRun.Outcome<String> poll(StepRun<String> run) {
    return run.poll(now);
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }

  private String finish(StepRun<String> run) {
    for (int i = 0; i < 100; i++) {
      if (poll(run) instanceof StepRun.Outcome.Done<String> done) {
        return done.value();
      }
    }
    throw new AssertionError("goes on: " + log);
  }

  private CloudDbException failure(StepRun<String> run) {
    return catchThrowableOfType(CloudDbException.class, () -> finish(run));
  }

  private static CloudDbException error(ErrorCategory category) {
    return ErrorDetails.of(category, "the service says " + category).toException();
  }

  private static <T> Function<StepContext, T> throwing(ErrorCategory category) {
    return context -> {
      throw error(category);
    };
  }

  @Test
  void looksBeforeItBeginsAndWritesBeforeItSends() {
    assertThat(finish(run())).isEqualTo("done {}");
    assertThat(log)
        .containsExactly(
            "look first",
            "write first 1",
            "begin first",
            "look first",
            "look second",
            "write second 1",
            "begin second",
            "look second");
  }

  @Test
  void whatHasHappenedIsNotBegunAgain() {
    first.happened = true;
    second.happened = true;
    assertThat(finish(run())).isEqualTo("done {}");
    assertThat(log).containsExactly("look first", "look second");
  }

  @Test
  void whatCannotBeWrittenDownIsNotSent() {
    StepRun<String> run =
        new StepRun<>(
            Workflow.of(KIND).step(first).result(context -> ""),
            new StepContext(begun(), Customizations.NONE, SecretRef::resolve, now),
            next -> {
              throw new IllegalStateException("disk full");
            },
            true);
    assertThatThrownBy(() -> poll(run)).hasMessage("disk full");
    assertThat(log).containsExactly("look first");
    assertThat(run.state().tries()).isZero();
  }

  @Test
  void stepsThatDoNotApplyAreLeftOutAndItemsAreDoneInTheirOrder() {
    first.applies = false;
    second.items = List.of("a", "b");
    assertThat(finish(run())).isEqualTo("done {}");
    assertThat(log)
        .containsExactly(
            "look second/a",
            "write second 1",
            "begin second/a",
            "look second/a",
            "look second/b",
            "write second 1",
            "begin second/b",
            "look second/b");
  }

  @Test
  void aStepWithoutItemsHasNothingToDo() {
    first.items = List.of();
    second.items = List.of();
    assertThat(finish(run())).isEqualTo("done {}");
    assertThat(log).isEmpty();
  }

  @Test
  void aProcessThatIsGoneAfterAnyWriteGoesOnWithoutASecondRequest() {
    finish(run());
    for (OperationState state : List.copyOf(written)) {
      log.clear();
      finish(run(state, true, true));
      assertThat(log).filteredOn(("begin " + state.step())::equals).isEmpty();
    }
    assertThat(written).hasSizeGreaterThan(2);
  }

  @Test
  void notesOfAnswersAndLooksAreKept() {
    first.answers.add(context -> Begun.accepted("handle-1", "goes").noting(Map.of("a", "1")));
    first.looks.add(context -> Look.missing());
    first.looks.add(
        context -> {
          assertThat(context.handle()).contains("handle-1");
          assertThat(context.value("a")).contains("1");
          return new Look.Going("goes on", Duration.ofSeconds(7), Map.of("b", "2"));
        });
    first.looks.add(context -> Look.happened(Map.of("c", "3")));
    StepRun<String> run = run();
    assertThat(poll(run)).isEqualTo(new StepRun.Outcome.Running<String>(null, "goes"));
    assertThat(poll(run))
        .isEqualTo(new StepRun.Outcome.Running<String>(Duration.ofSeconds(7), "goes on"));
    assertThat(finish(run)).contains("a=1", "b=2", "c=3");
  }

  @Test
  void aLostAnswerIsLookedForAndSentAgainOnlyWhenItsEffectDoesNotShow() {
    first.answers.add(throwing(ErrorCategory.OUTCOME_UNKNOWN));
    for (int i = 0; i < 4; i++) {
      first.looks.add(context -> Look.missing());
    }
    StepRun<String> run = run();
    poll(run);
    assertThat(run.state().lost()).isTrue();
    poll(run);
    pass(Duration.ofSeconds(119));
    poll(run);
    assertThat(log).filteredOn("begin first"::equals).hasSize(1);
    pass(Duration.ofSeconds(1));
    poll(run);
    assertThat(log).filteredOn("begin first"::equals).hasSize(2);
    assertThat(finish(run)).isEqualTo("done {}");
  }

  @Test
  void aRefusalAfterALostAnswerDoesNotMakeTheOutcomeKnown() {
    first.makes = "the thing orders";
    first.answers.add(throwing(ErrorCategory.OUTCOME_UNKNOWN));
    first.answers.add(throwing(ErrorCategory.QUOTA));
    first.undos.add(context -> Undone.stays("the thing orders"));
    for (int i = 0; i < 3; i++) {
      first.looks.add(context -> Look.missing());
    }
    StepRun<String> run = run();
    poll(run);
    pass(Duration.ofMinutes(3));
    CloudDbException e = failure(run);
    assertThat(e).isInstanceOf(QuotaException.class);
    assertThat(e.details().outcomeKnown()).isFalse();
    assertThat(e.details().leftBehind())
        .hasValueSatisfying(left -> assertThat(left).contains("the thing orders"));
  }

  @Test
  void aFailedLookAfterALostAnswerDoesNotMakeTheOutcomeKnown() {
    first.makes = "the thing orders";
    first.answers.add(throwing(ErrorCategory.OUTCOME_UNKNOWN));
    first.looks.add(context -> Look.missing());
    first.looks.add(throwing(ErrorCategory.PERMISSION));
    CloudDbException e = failure(run());
    assertThat(e.category()).isEqualTo(ErrorCategory.PERMISSION);
    assertThat(e.details().outcomeKnown()).isFalse();
    assertThat(e.details().leftBehind().orElseThrow())
        .contains("the thing orders, if a request whose answer was lost has made it");
  }

  @Test
  void sendsAtMostSoOften() {
    for (int i = 0; i < 10; i++) {
      first.looks.add(context -> Look.missing("nothing there"));
    }
    StepRun<String> run = run();
    CloudDbException e = null;
    for (int i = 0; i < 10 && e == null; i++) {
      e = catchThrowableOfType(CloudDbException.class, () -> poll(run));
      pass(Duration.ofMinutes(3));
    }
    assertThat(e).isInstanceOf(NotFoundException.class).hasMessageContaining("after 3 requests");
    assertThat(log).filteredOn("begin first"::equals).hasSize(3);
  }

  @Test
  void whatEndedWithoutEffectIsSentAgainAFewTimes() {
    for (int i = 0; i < 4; i++) {
      first.looks.add(context -> Look.missing());
      first.looks.add(context -> Look.again(error(ErrorCategory.OTHER)));
    }
    CloudDbException e = failure(run());
    assertThat(e).hasMessageContaining("the service says OTHER");
    assertThat(e.retryable()).isFalse();
    assertThat(log).filteredOn("begin first"::equals).hasSize(3);
  }

  @Test
  void whatIsBusyIsWaitedForUntilTheLimit() {
    for (int i = 0; i < 10; i++) {
      first.answers.add(throwing(ErrorCategory.BUSY));
    }
    StepRun<String> run = run();
    assertThat(poll(run)).isInstanceOf(StepRun.Outcome.Running.class);
    assertThat(run.state().asked()).isEmpty();
    pass(Duration.ofMinutes(60));
    poll(run);
    pass(Duration.ofSeconds(1));
    CloudDbException late = catchThrowableOfType(CloudDbException.class, () -> poll(run));
    assertThat(late)
        .isInstanceOf(DeadlineException.class)
        .hasMessageContainingAll("'first'", "PT1H", "the service says BUSY", "token");
    assertThat(StepRun.canGoOn(late)).isTrue();
    // Whoever resumes it has the same time again.
    assertThat(run.state().since()).contains(now);
  }

  @Test
  void aStepThatCannotBeginYetIsWaitedForUntilTheLimit() {
    for (int i = 0; i < 2; i++) {
      first.looks.add(context -> Look.notYet("being patched"));
    }
    StepRun<String> run = run();
    poll(run);
    pass(Duration.ofMinutes(61));
    assertThatThrownBy(() -> poll(run))
        .isInstanceOf(DeadlineException.class)
        .hasMessageContaining("being patched");
    assertThat(log).containsExactly("look first", "look first");
  }

  @Test
  void aPureWaitEndsWhenNothingIsToBeSeen() {
    first.changes = false;
    first.looks.add(context -> Look.missing());
    first.looks.add(context -> Look.missing());
    StepRun<String> run = run();
    poll(run);
    pass(Duration.ofMinutes(2));
    assertThatThrownBy(() -> poll(run)).isInstanceOf(NotFoundException.class);
    assertThat(log).doesNotContain("begin first");
  }

  @Test
  void aStepIsToldWhetherSomebodyMayHaveFollowedTheOperationBefore() {
    for (OperationState state : List.of(begun(), begun().since(now))) {
      first.looks.add(context -> Look.happened(Map.of("resumed", "" + context.resumed())));
      second.looks.add(context -> Look.happened());
      assertThat(poll(run(state, true, true)))
          .isEqualTo(
              new StepRun.Outcome.Done<>("done {resumed=" + state.since().isPresent() + "}"));
    }
  }

  @Test
  void aFailedCreationRemovesWhatItMadeInReverseOrder() {
    first.makes = "the group";
    second.makes = "the thing";
    second.looks.add(context -> Look.missing());
    second.looks.add(context -> Look.failed(error(ErrorCategory.OTHER)));
    second.undos.add(context -> Undone.going("is removed"));
    CloudDbException e = failure(run());
    assertThat(e).hasMessageContaining("the service says OTHER");
    assertThat(e.details().leftBehind()).isEmpty();
    assertThat(log)
        .endsWith(
            "write second 0",
            "undo second",
            "write second 1",
            "write second 1",
            "undo second",
            "write second 0",
            "write second 0",
            "undo first",
            "write second 0");
  }

  @Test
  void whatCannotBeRemovedIsNamed() {
    first.makes = "the group";
    second.makes = "the thing";
    second.looks.add(context -> Look.missing());
    second.looks.add(context -> Look.failed(error(ErrorCategory.OTHER)));
    second.undos.add(throwing(ErrorCategory.PERMISSION));
    first.undos.add(context -> Undone.stays("the group, which others use"));
    CloudDbException e = failure(run());
    assertThat(e.details().leftBehind()).contains("the thing, the group, which others use");
    assertThat(e.nextStep().orElseThrow()).contains("Remove what is left behind");
  }

  @Test
  void removingHasALimit() {
    first.makes = "the group";
    second.looks.add(context -> Look.failed(error(ErrorCategory.OTHER)));
    for (int i = 0; i < 3; i++) {
      first.undos.add(throwing(ErrorCategory.UNAVAILABLE));
    }
    StepRun<String> run = run();
    for (int i = 0; i < 5; i++) {
      poll(run);
      if (run.state().failure().isPresent() && log.contains("undo first")) {
        break;
      }
    }
    pass(Duration.ofMinutes(31));
    CloudDbException e = failure(run);
    assertThat(e.details().leftBehind()).contains("the group");
  }

  @Test
  void aProcessThatIsGoneWhileItRemovesGoesOnRemoving() {
    first.makes = "the group";
    second.looks.add(context -> Look.failed(error(ErrorCategory.QUOTA)));
    StepRun<String> run = run();
    while (run.state().failure().isEmpty()) {
      poll(run);
    }
    log.clear();
    CloudDbException e = failure(run(run.state(), true, true));
    assertThat(e).isInstanceOf(QuotaException.class);
    assertThat(log).containsExactly("write second 0", "undo first", "write second 0");
  }

  @Test
  void aChangeThatFailsHalfWaySaysWhatIsDoneAndWhatIsNot() {
    second.answers.add(throwing(ErrorCategory.QUOTA));
    CloudDbException e = failure(run(begun(), false, true));
    assertThat(e.details().leftBehind()).contains("done: first; not done: second");
  }

  @Test
  void expiredCredentialsRemoveNothingAndCanBeGoneOnFrom() {
    first.makes = "the group";
    second.answers.add(throwing(ErrorCategory.AUTHENTICATION));
    StepRun<String> run = run();
    CloudDbException e = failure(run);
    assertThat(e).isInstanceOf(AuthenticationException.class);
    assertThat(StepRun.canGoOn(e)).isTrue();
    assertThat(log).doesNotContain("undo first");
    assertThat(finish(run(run.state(), true, true))).isEqualTo("done {}");
  }

  @Test
  void aPassingRefusalIsThrownToBePolledAgain() {
    first.answers.add(throwing(ErrorCategory.THROTTLED));
    StepRun<String> run = run();
    assertThatThrownBy(() -> poll(run)).isInstanceOf(ThrottledException.class);
    assertThat(run.state().asked()).isEmpty();
    assertThat(finish(run)).isEqualTo("done {}");
  }

  @Test
  void anUnsealedTokenBeginsNothingThatIsGuarded() {
    second.guarded = true;
    CloudDbException e = failure(run(begun(), true, false));
    assertThat(e)
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContainingAll("second", "not sealed", "tokenKey");
    assertThat(log).doesNotContain("begin second");
  }

  @Test
  void anUnsealedTokenRemovesNothing() {
    first.makes = "the group";
    OperationState state =
        begun().at("second", "", now).asking(now, "first").failing(error(ErrorCategory.QUOTA), now);
    CloudDbException e = failure(run(state, true, false));
    assertThat(e.details().leftBehind().orElseThrow()).contains("the group");
    assertThat(log).doesNotContain("undo first");
  }

  @Test
  void aStepOfAnotherReleaseIsRefused() {
    OperationState state = begun().at("third", "", now);
    assertThatThrownBy(() -> poll(run(state, true, true)))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("thing.create");
  }

  @Test
  void aLiteralSecretIsForgottenWithTheLastStepThatNeedsIt() {
    first.needsSecret = true;
    InstanceSpec spec =
        InstanceSpec.builder("orders", Engine.POSTGRESQL, "16")
            .size(InstanceSize.atLeast(2, DataSize.gib(8)))
            .storage(Storage.ssd(DataSize.gib(20)))
            .admin(AdminLogin.of("app", SecretRef.literal("hunter2")))
            .build();
    StepRun<String> run = run(begun().asking(spec), true, true);
    poll(run);
    assertThat(run.state().specification(InstanceSpec.class)).isEqualTo(spec);
    finish(run);
    assertThat(run.state().specification(InstanceSpec.class).admin().password())
        .contains(SecretRef.environment("CLOUDDB_LITERAL_SECRET_IS_NOT_KEPT"));
  }

  @Test
  void aLookThatMissesItsRequestNotesWhatItSaw() {
    first.looks.add(context -> Look.missing("nothing", Map.of("seen", "stopped")));
    first.answers.add(
        context -> {
          assertThat(context.value("seen")).contains("stopped");
          return Begun.done("begun");
        });
    assertThat(finish(run())).contains("seen=stopped");
  }

  @Test
  void aChangeThatUndoesRemovesWhatItMadeAndCallsItNoCreation() {
    first.makes = "the group";
    second.makes = "the values";
    first.undos.add(context -> Undone.stays("the group"));
    second.answers.add(throwing(ErrorCategory.INVALID_ARGUMENT));
    StepRun<String> run =
        new StepRun<>(
            Workflow.of(KIND).step(first).step(second).undoes().result(context -> ""),
            new StepContext(begun(), Customizations.NONE, SecretRef::resolve, now),
            next -> {},
            true);
    CloudDbException e = failure(run);
    assertThat(log).contains("undo first");
    assertThat(e.details().leftBehind()).contains("the group");
    assertThat(e.nextStep()).isEmpty();
  }

  @Test
  void aLimitOfTheStepsOwnBeginsAnewForWhoeverResumesIt() {
    first.answers.add(throwing(ErrorCategory.DEADLINE));
    StepRun<String> run = run();
    Instant entered = now;
    Look look = Look.missing();
    first.looks.add(context -> new Look.NotYet("on its way", null));
    first.looks.add(context -> look);
    poll(run);
    pass(Duration.ofMinutes(20));
    assertThatThrownBy(() -> poll(run)).isInstanceOf(CloudDbException.class);
    assertThat(run.state().since()).contains(entered.plus(Duration.ofMinutes(20)));
  }

  @Test
  void aLimitThatALookSetsBeginsAnewToo() {
    first.looks.add(context -> Look.notYet("in the way"));
    first.looks.add(throwing(ErrorCategory.DEADLINE));
    StepRun<String> run = run();
    poll(run);
    Instant entered = now;
    pass(Duration.ofMinutes(20));
    assertThatThrownBy(() -> poll(run)).isInstanceOf(DeadlineException.class);
    assertThat(run.state().since()).contains(entered.plus(Duration.ofMinutes(20)));
  }

  @Test
  void whatIsFoundToBeItsOwnIsRemovedWhenItFailsLater() {
    first.makes = "the group";
    first.looks.add(context -> Look.found(Map.of()));
    second.answers.add(throwing(ErrorCategory.INVALID_ARGUMENT));
    failure(run());
    assertThat(log).contains("undo first").doesNotContain("begin first");
  }

  @Test
  void somebodyElsesIsNeitherLeftBehindNorRemovedAfterALostAnswer() {
    first.makes = "the instance orders";
    first.answers.add(throwing(ErrorCategory.OUTCOME_UNKNOWN));
    first.looks.add(context -> Look.missing());
    first.looks.add(context -> Look.failed(error(ErrorCategory.ALREADY_EXISTS)));
    CloudDbException e = failure(run());
    assertThat(e.category()).isEqualTo(ErrorCategory.ALREADY_EXISTS);
    assertThat(e.details().outcomeKnown()).isTrue();
    assertThat(e.details().leftBehind()).isEmpty();
    assertThat(log).doesNotContain("undo first");
  }

  @Test
  void anItemMayHaveSlashes() {
    first.makes = "the rule";
    first.items = List.of("10.0.0.0/8", "192.0.2.0/24");
    second.answers.add(throwing(ErrorCategory.QUOTA));
    first.undos.add(context -> Undone.gone());
    first.undos.add(throwing(ErrorCategory.PERMISSION));
    CloudDbException e = failure(run());
    assertThat(log).contains("undo first/192.0.2.0/24", "undo first/10.0.0.0/8");
    assertThat(e.details().leftBehind()).contains("the rule 10.0.0.0/8");
  }

  @Test
  void aNameOfAStepHasNoSlash() {
    assertThatThrownBy(() -> Workflow.of(KIND).step(new ScriptedStep("a/b", log)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("thing.create", "'a/b'");
  }

  @Test
  void whoOnlyWaitsSaysWhatIsDoneAlready() {
    second.changes = false;
    second.looks.add(context -> Look.failed(error(ErrorCategory.OTHER)));
    CloudDbException e = failure(run(begun(), false, true));
    assertThat(e.details().leftBehind()).contains("done: first; not done: second");
  }
}
