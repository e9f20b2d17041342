/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import org.junit.jupiter.api.Test;

/** What a service has ended is over, also where it ended it for want of room or time. */
class UnavailableForGoodTest {
  private final ScriptedRun script = new ScriptedRun();

  private void ends(ErrorCategory category) {
    script.second.looks.add(context -> Look.missing());
    script.second.looks.add(
        context ->
            Look.failed(
                ErrorDetails.of(category, "the service has no room")
                    .retryable(false)
                    .toException()));
  }

  @Test
  void whereNothingWasMade() {
    ends(ErrorCategory.UNAVAILABLE);
    StepRun<String> run = script.run(script.begun());
    CloudDbException e = script.failure(run);
    assertThat(run.isOver(e)).isTrue();
  }

  @Test
  void whereSomethingCouldNotBeRemoved() {
    script.first.makes = "the group";
    script.first.undos.add(context -> Undone.stays("the group"));
    ends(ErrorCategory.DEADLINE);
    StepRun<String> run = script.run(script.begun());
    CloudDbException e = script.failure(run);
    assertThat(run.isOver(e)).isTrue();
    assertThat(e.nextStep().orElseThrow()).contains("Remove what is left behind");
  }

  @Test
  void notWhereItsOwnLimitHasPassed() {
    script.first.looks.add(context -> Look.notYet("is patched"));
    script.first.looks.add(context -> Look.notYet("is patched"));
    StepRun<String> run = script.run(script.begun());
    script.poll(run);
    script.pass(java.time.Duration.ofHours(2));
    CloudDbException e = script.failure(run);
    assertThat(e.category()).isEqualTo(ErrorCategory.DEADLINE);
    assertThat(run.isOver(e)).isFalse();
  }
}
