/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A creation is sent again after a request that had its effect later than it was looked for. */
class SentAgainTest {
  private final ScriptedRun script = new ScriptedRun();

  private StepRun<String> refusedAtTheSecondRequest() {
    script.first.makes = "the thing";
    script.first.answers.add(ScriptedRun.refusing(ErrorCategory.OUTCOME_UNKNOWN));
    script.first.answers.add(ScriptedRun.refusing(ErrorCategory.ALREADY_EXISTS));
    for (int i = 0; i < 2; i++) {
      script.first.looks.add(context -> Look.missing());
    }
    StepRun<String> run = script.run(script.begun());
    script.poll(run);
    script.pass(Duration.ofMinutes(2));
    assertThat(script.poll(run)).isInstanceOf(StepRun.Outcome.Running.class);
    assertThat(script.log).containsSequence("begin first", "look first", "begin first");
    return run;
  }

  @Test
  void whatExistsMayBeItsOwn() {
    StepRun<String> run = refusedAtTheSecondRequest();
    script.first.looks.add(context -> Look.happened());
    assertThat(script.finish(run)).isEqualTo("done");
    assertThat(script.log).filteredOn("begin first"::equals).hasSize(2);
  }

  @Test
  void whatIsSomebodyElsesIsNamed() {
    StepRun<String> run = refusedAtTheSecondRequest();
    script.first.looks.add(context -> Look.failed(ScriptedRun.error(ErrorCategory.ALREADY_EXISTS)));
    CloudDbException e = script.failure(run);
    assertThat(e.category()).isEqualTo(ErrorCategory.ALREADY_EXISTS);
    assertThat(script.log).doesNotContain("undo first");
  }

  @Test
  void aRefusalThatIsNeverExplainedEndsIt() {
    StepRun<String> run = refusedAtTheSecondRequest();
    script.first.mostTries = 3;
    script.first.answers.add(ScriptedRun.refusing(ErrorCategory.ALREADY_EXISTS));
    script.first.looks.add(context -> Look.missing());
    script.pass(Duration.ofMinutes(2));
    CloudDbException e = script.failure(run);
    assertThat(e.category()).isEqualTo(ErrorCategory.ALREADY_EXISTS);
    assertThat(e.details().outcomeKnown()).isFalse();
  }

  @Test
  void theFirstRequestsRefusalEndsItAtOnce() {
    script.first.answers.add(ScriptedRun.refusing(ErrorCategory.ALREADY_EXISTS));
    script.first.looks.add(context -> Look.missing());
    CloudDbException e = script.failure(script.run(script.begun()));
    assertThat(e.category()).isEqualTo(ErrorCategory.ALREADY_EXISTS);
    assertThat(script.log).containsExactly("look first", "begin first");
  }

  /** Another process sent the request after its token was made, and was killed. */
  private StepRun<String> resumedByATokenThatIsOlderThanItsRequest() {
    script.first.makes = "the thing";
    script.first.answers.add(ScriptedRun.refusing(ErrorCategory.ALREADY_EXISTS));
    script.first.looks.add(context -> Look.missing());
    StepRun<String> run = script.run(script.begun().since(script.now));
    assertThat(script.poll(run)).isInstanceOf(StepRun.Outcome.Running.class);
    assertThat(script.log).containsExactly("look first", "begin first");
    return run;
  }

  @Test
  void whatExistsMayBeOfAProcessThatWasKilled() {
    StepRun<String> run = resumedByATokenThatIsOlderThanItsRequest();
    script.first.looks.add(context -> Look.missing());
    assertThat(script.poll(run)).isInstanceOf(StepRun.Outcome.Running.class);
    script.first.looks.add(context -> Look.happened());
    assertThat(script.finish(run)).isEqualTo("done");
    assertThat(script.log).filteredOn("begin first"::equals).hasSize(1);
  }

  @Test
  void soItMayBeAtALaterStep() {
    script.second.answers.add(ScriptedRun.refusing(ErrorCategory.ALREADY_EXISTS));
    script.first.looks.add(context -> Look.happened());
    script.second.looks.add(context -> Look.missing());
    StepRun<String> run = script.run(script.begun().since(script.now));
    script.second.looks.add(context -> Look.happened());
    assertThat(script.finish(run)).isEqualTo("done");
    assertThat(script.log).filteredOn("begin second"::equals).hasSize(1);
  }

  @Test
  void whatWasSomebodyElsesAllTheTimeEndsItForGood() {
    StepRun<String> run = resumedByATokenThatIsOlderThanItsRequest();
    script.first.looks.add(context -> Look.failed(ScriptedRun.error(ErrorCategory.ALREADY_EXISTS)));
    CloudDbException e = script.failure(run);
    assertThat(e.category()).isEqualTo(ErrorCategory.ALREADY_EXISTS);
    assertThat(e.details().outcomeKnown()).isTrue();
    assertThat(run.isOver(e)).isTrue();
    assertThat(script.log).doesNotContain("undo first");
  }

  @Test
  void whatNeverShowsIsNotCalledSomebodyElses() {
    script.first.mostTries = 2;
    StepRun<String> run = resumedByATokenThatIsOlderThanItsRequest();
    script.first.answers.add(ScriptedRun.refusing(ErrorCategory.ALREADY_EXISTS));
    script.first.looks.add(context -> Look.missing());
    script.pass(Duration.ofMinutes(2));
    CloudDbException e = script.failure(run);
    assertThat(e.category()).isEqualTo(ErrorCategory.ALREADY_EXISTS);
    assertThat(e.details().outcomeKnown()).isFalse();
  }
}
