/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.DeadlineException;
import io.clouddb.spi.OperationState;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What a machine wrote whose clock was ahead, or a token says, is not waited for. */
class ClockThatWasAheadTest {
  private static final Instant AHEAD = Instant.parse("2099-01-01T00:00:00Z");

  private final ScriptedRun script = new ScriptedRun();

  @Test
  void aRequestOfTheFutureIsSentAgainWhenItDoesNotShow() {
    script.first.looks.add(context -> Look.missing());
    script.first.looks.add(context -> Look.missing());
    OperationState state = script.begun().at("first", "", AHEAD).asking(AHEAD, "");
    StepRun<String> run = script.run(state);
    script.poll(run);
    assertThat(script.log).doesNotContain("begin first");
    script.pass(Duration.ofMinutes(2));
    assertThat(script.finish(run)).isEqualTo("done");
    assertThat(script.log).contains("begin first");
  }

  @Test
  void aStepThatBeganInTheFutureHasALimit() {
    for (int i = 0; i < 2; i++) {
      script.first.looks.add(context -> Look.notYet("patched"));
    }
    StepRun<String> run = script.run(script.begun().at("first", "", AHEAD));
    script.poll(run);
    script.pass(Duration.ofMinutes(61));
    CloudDbException e =
        org.assertj.core.api.Assertions.catchThrowableOfType(
            CloudDbException.class, () -> script.poll(run));
    assertThat(e).isInstanceOf(DeadlineException.class);
  }
}
