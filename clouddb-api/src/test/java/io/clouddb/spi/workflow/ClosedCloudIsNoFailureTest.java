/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.UnavailableException;
import org.junit.jupiter.api.Test;

/** A request that a closed cloud did not send was refused by no service. */
class ClosedCloudIsNoFailureTest {
  private final ScriptedRun script = new ScriptedRun();

  @Test
  void whatWasMadeStaysAndIsGoneOnWith() {
    script.first.makes = "the group";
    script.second.answers.add(ScriptedRun.throwing(ScriptedRun.closed()));
    StepRun<String> run = script.run(script.begun());
    CloudDbException e = script.failure(run);
    assertThat(e).isInstanceOf(UnavailableException.class);
    assertThat(StepRun.canGoOn(e)).isTrue();
    assertThat(run.state().failure()).isEmpty();
    assertThat(run.state().made()).containsExactly("first");
    assertThat(script.finish(script.run(run.state()))).isEqualTo("done");
    assertThat(script.log).doesNotContain("undo first");
  }

  @Test
  void whatIsBeingRemovedIsNotGivenUp() {
    removalIsGoneOnWithAfter(ScriptedRun.closed());
  }

  @Test
  void norIsWhatExpiredCredentialsCannotRemove() {
    removalIsGoneOnWithAfter(ScriptedRun.error(ErrorCategory.AUTHENTICATION));
  }

  private void removalIsGoneOnWithAfter(CloudDbException notRemoved) {
    script.first.makes = "the group";
    script.second.looks.add(context -> Look.failed(ScriptedRun.error(ErrorCategory.QUOTA)));
    script.first.undos.add(ScriptedRun.throwing(notRemoved));
    StepRun<String> run = script.run(script.begun());
    CloudDbException cut = script.failure(run);
    assertThat(cut.category()).isEqualTo(notRemoved.category());
    assertThat(cut.details().leftBehind()).contains("the group");
    assertThat(run.isOver(cut)).isFalse();
    assertThat(run.state().tries()).isZero();
    assertThat(run.state().made()).containsExactly("first");
    assertThat(run.state().left()).isEmpty();
    CloudDbException e = script.failure(script.run(run.state()));
    assertThat(e.category()).isEqualTo(ErrorCategory.QUOTA);
    assertThat(e.details().leftBehind()).isEmpty();
  }
}
