/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.QuotaException;
import io.clouddb.spi.OperationState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each process dies after one poll; the next one knows what is in the log, and it ends. */
class KilledAfterEachPollTest {
  private static final int MOST_POLLS = 60;

  private final ScriptedRun script = new ScriptedRun();

  @BeforeEach
  void makes() {
    script.first.makes = "the group";
    script.second.makes = "the thing";
  }

  /** Polls once for each process, a minute after the last one; gives what the last one threw. */
  private @Nullable CloudDbException end() {
    script.written.add(script.begun());
    for (int i = 0; i < MOST_POLLS; i++) {
      OperationState found = script.written.get(script.written.size() - 1);
      // As the scheduler does: whoever resumes a step has its whole time again.
      StepRun<String> run = script.run(found.since(script.now));
      try {
        if (script.poll(run) instanceof StepRun.Outcome.Done) {
          return null;
        }
      } catch (CloudDbException e) {
        return e;
      }
      script.pass(Duration.ofMinutes(1));
    }
    throw new AssertionError("goes on: " + script.log);
  }

  private void always(ScriptedStep step, Look look) {
    for (int i = 0; i < MOST_POLLS; i++) {
      step.looks.add(context -> look);
    }
  }

  @Test
  void aRequestWhoseEffectNeverShows() {
    always(script.first, Look.missing());
    for (int i = 0; i < 3; i++) {
      script.first.answers.add(ScriptedRun.refusing(ErrorCategory.OUTCOME_UNKNOWN));
    }
    assertThat(end()).hasMessageContaining("after 3 requests");
    assertThat(script.log).filteredOn("begin first"::equals).hasSize(3);
  }

  @Test
  void aRefusalAfterARequestWhoseAnswerDiedWithItsProcess() {
    always(script.first, Look.missing());
    script.first.answers.add(context -> Begun.done("begun"));
    script.first.answers.add(ScriptedRun.refusing(ErrorCategory.QUOTA));
    List<Boolean> lost = new ArrayList<>();
    script.first.undos.add(
        context -> {
          lost.add(context.state().lost());
          return Undone.gone();
        });
    assertThat(end())
        .isInstanceOfSatisfying(
            QuotaException.class, e -> assertThat(e.details().outcomeKnown()).isFalse());
    assertThat(lost).containsExactly(true);
  }

  @Test
  void aRequestWhoseEffectWasNotSeen() {
    always(script.first, Look.missing());
    assertThat(end())
        .hasMessageContaining("after 3 requests")
        .satisfies(e -> assertThat(e.details().outcomeKnown()).isFalse());
  }

  @Test
  void aRequestThatAlwaysEndsWithoutEffect() {
    for (int i = 0; i < MOST_POLLS; i++) {
      script.first.looks.add(
          context ->
              context.asked()
                  ? Look.again(ScriptedRun.error(ErrorCategory.OTHER))
                  : Look.missing());
    }
    assertThat(end()).hasMessageContaining("the service says OTHER");
    assertThat(script.log).filteredOn("begin first"::equals).hasSize(3);
  }

  @Test
  void aServiceThatIsBusyForAnHour() {
    for (int i = 0; i < 50; i++) {
      script.first.answers.add(ScriptedRun.refusing(ErrorCategory.BUSY));
    }
    assertThat(end()).isNull();
  }

  @Test
  void aRemoval() {
    always(script.second, Look.failed(ScriptedRun.error(ErrorCategory.QUOTA)));
    script.first.undos.add(context -> Undone.going("is removed"));
    assertThat(end()).hasMessageContaining("the service says QUOTA");
    assertThat(script.log).endsWith("undo first", "undo first");
  }

  @Test
  void aRemovalThatNeverEnds() {
    always(script.second, Look.failed(ScriptedRun.error(ErrorCategory.QUOTA)));
    for (int i = 0; i < MOST_POLLS; i++) {
      script.first.undos.add(context -> Undone.going("is removed"));
    }
    assertThat(end())
        .hasMessageContaining("the service says QUOTA")
        .satisfies(e -> assertThat(e.details().leftBehind().orElseThrow()).contains("the group"));
  }
}
