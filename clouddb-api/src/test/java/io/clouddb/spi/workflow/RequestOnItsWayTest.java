/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.DeadlineException;
import io.clouddb.error.ErrorCategory;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A step whose request was accepted and goes on is not called one that was not done. */
class RequestOnItsWayTest {
  private final ScriptedRun script = new ScriptedRun();

  @Test
  void isCalledBegun() {
    script.second.looks.add(context -> Look.missing());
    script.second.looks.add(context -> Look.going("is changed"));
    StepRun<String> run = script.run(script.begun());
    for (int i = 0; i < 10 && !script.log.contains("begin second"); i++) {
      script.poll(run);
    }
    script.pass(Duration.ofHours(2));
    CloudDbException e = script.failure(run);
    assertThat(e).isInstanceOf(DeadlineException.class);
    assertThat(e.details().leftBehind()).contains("done: first; begun: second");
  }

  @Test
  void isCalledNotDoneWhenItFailed() {
    script.second.looks.add(context -> Look.missing());
    script.second.looks.add(
        context -> Look.failed(ScriptedRun.error(ErrorCategory.INVALID_ARGUMENT)));
    CloudDbException e = script.failure(script.run(script.begun()));
    assertThat(e.details().leftBehind()).contains("done: first; not done: second");
  }
}
