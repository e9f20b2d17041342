/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.spi.OperationState;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A process is killed after a request that had no effect: whoever goes on sends it, and waits for
 * no effect of it.
 */
class RefusalIsWrittenDownTest {
  private final ScriptedRun script = new ScriptedRun();

  private OperationState written() {
    return script.written.get(script.written.size() - 1);
  }

  private void poll(StepRun<String> run) {
    try {
      script.poll(run);
    } catch (CloudDbException e) {
      script.log.add("told " + e.category());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"BUSY", "THROTTLED", "UNAVAILABLE", "AUTHENTICATION", "DEADLINE"})
  void nothingWasAsked(ErrorCategory category) {
    script.first.makes = "the thing";
    script.first.answers.add(ScriptedRun.refusing(category));
    poll(script.run(script.begun()));
    assertThat(written().asked()).isEmpty();
    assertThat(written().tries()).isZero();
    assertThat(written().made()).isEmpty();
    script.log.clear();
    assertThat(script.finish(script.run(written()))).isEqualTo("done");
    assertThat(script.log).startsWith("look first", "begin first");
  }

  @Test
  void whatAnEarlierRequestMayHaveMadeStays() {
    script.first.makes = "the thing";
    script.first.answers.add(ScriptedRun.refusing(ErrorCategory.OUTCOME_UNKNOWN));
    script.first.answers.add(ScriptedRun.refusing(ErrorCategory.THROTTLED));
    script.first.looks.add(context -> Look.missing());
    script.first.looks.add(context -> Look.missing());
    StepRun<String> run = script.run(script.begun());
    poll(run);
    script.pass(Duration.ofMinutes(2));
    poll(run);
    assertThat(written().lost()).isTrue();
    assertThat(written().tries()).isEqualTo(1);
    assertThat(written().made()).containsExactly("first");
  }

  @Test
  void aLogThatFailsThenHidesNothing() {
    script.first.answers.add(ScriptedRun.refusing(ErrorCategory.THROTTLED));
    StepRun<String> run = script.run(script.begun());
    script.atWrite =
        () -> {
          if (!script.written.isEmpty()) {
            throw new IllegalStateException("disk full");
          }
        };
    poll(run);
    assertThat(script.log).endsWith("told THROTTLED");
    script.atWrite = () -> {};
    assertThat(script.finish(run)).isEqualTo("done");
  }

  @Test
  void norIsTheLogsOwnFailureHidden() {
    script.first.answers.add(ScriptedRun.refusing(ErrorCategory.AUTHENTICATION));
    script.atWrite =
        () -> {
          if (!script.written.isEmpty()) {
            throw new IllegalStateException("disk full");
          }
        };
    CloudDbException e = script.failure(script.run(script.begun()));
    assertThat(e.category()).isEqualTo(ErrorCategory.AUTHENTICATION);
    assertThat(e).hasSuppressedException(new IllegalStateException("disk full"));
  }
}
