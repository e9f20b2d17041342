/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Whoever gives up says whether he knows what became of the step, by whether he has asked. */
class WhatIsKnownAtTheEndTest {
  private final ScriptedRun script = new ScriptedRun();

  private StepRun<String> waitedTooLongFor(Look look, boolean asked) {
    if (asked) {
      script.first.looks.add(context -> Look.missing());
    }
    script.first.looks.add(context -> look);
    script.first.looks.add(context -> look);
    StepRun<String> run = script.run(script.begun());
    script.poll(run);
    if (asked) {
      script.poll(run);
    }
    script.pass(Duration.ofHours(2));
    return run;
  }

  @Test
  void aStepThatCouldNotBeginInItsTimeHasChangedNothing() {
    CloudDbException e = script.failure(waitedTooLongFor(Look.notYet("is patched"), false));
    assertThat(e.category()).isEqualTo(ErrorCategory.DEADLINE);
    assertThat(e.details().outcomeKnown()).isTrue();
  }

  @Test
  void oneThatDidNotEndInItsTimeGoesOn() {
    CloudDbException e = script.failure(waitedTooLongFor(Look.going("is made"), true));
    assertThat(e.category()).isEqualTo(ErrorCategory.DEADLINE);
    assertThat(e.details().outcomeKnown()).isFalse();
  }

  /** What the scheduler throws once looks have failed too often. */
  private CloudDbException unseen(StepRun<String> run) {
    script.first.looks.add(ScriptedRun.throwing(ScriptedRun.error(ErrorCategory.UNAVAILABLE)));
    return run.unseen(catchThrowableOfType(CloudDbException.class, () -> script.poll(run)));
  }

  @Test
  void looksThatFailBeforeARequestLeaveNothingUnknown() {
    assertThat(unseen(script.run(script.begun())).details().outcomeKnown()).isTrue();
  }

  @Test
  void looksThatFailAfterARequestDo() {
    script.first.makes = "the thing";
    script.first.looks.add(context -> Look.missing());
    StepRun<String> run = script.run(script.begun());
    script.poll(run);
    CloudDbException e = unseen(run);
    assertThat(e.details().outcomeKnown()).isFalse();
    assertThat(e.details().leftBehind().orElseThrow()).contains("the thing");
    // It is to be gone on with, and not to be removed by hand.
    assertThat(e.nextStep().orElse("")).doesNotContain("Remove what is left behind");
  }
}
