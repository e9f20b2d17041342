/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import org.junit.jupiter.api.Test;

/** All steps are done, and only what came of them cannot be read. */
class ResultThatCannotBeReadTest {
  private final ScriptedRun script = new ScriptedRun();

  @Test
  void namesWhatWasMadeAndCanBeGoneOnWith() {
    script.second.makes = "the thing orders";
    script.result = ScriptedRun.throwing(ScriptedRun.error(ErrorCategory.PERMISSION));
    StepRun<String> run = script.run(script.begun());
    CloudDbException e = script.failure(run);
    assertThat(e.category()).isEqualTo(ErrorCategory.PERMISSION);
    assertThat(e.details().outcomeKnown()).isFalse();
    assertThat(e.details().leftBehind()).contains("the thing orders");
    script.result = context -> "done";
    assertThat(script.finish(script.run(run.state()))).isEqualTo("done");
    assertThat(script.log).filteredOn(line -> line.startsWith("begin")).hasSize(2);
  }

  @Test
  void isReadAgainAfterALostAnswer() {
    script.result = ScriptedRun.throwing(ScriptedRun.error(ErrorCategory.OUTCOME_UNKNOWN));
    StepRun<String> run = script.run(script.begun());
    CloudDbException e = catchThrowableOfType(CloudDbException.class, () -> script.finish(run));
    assertThat(e.retryable()).isTrue();
  }
}
