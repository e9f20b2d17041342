/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.security.SecretRef;
import org.junit.jupiter.api.Test;

/** A process without the password's variable goes on with nothing, and removes nothing either. */
class MissingSecretRemovesNothingTest {
  private final ScriptedRun script = new ScriptedRun();

  @Test
  void whoeverHasItGoesOn() {
    script.first.makes = "the instance orders";
    script.secrets = ScriptedRun.<SecretRef, String>refusing(ErrorCategory.NOT_FOUND);
    script.second.answers.add(context -> Begun.done(context.secret(SecretRef.environment("PW"))));
    StepRun<String> run = script.run(script.begun());
    CloudDbException e = script.failure(run);
    assertThat(e.category()).isEqualTo(ErrorCategory.NOT_FOUND);
    assertThat(e.details().leftBehind().orElseThrow()).contains("the instance orders");
    assertThat(run.isOver(e)).isFalse();
    assertThat(script.log).doesNotContain("undo first");
    script.secrets = secret -> "hunter2";
    assertThat(script.finish(script.run(run.state()))).isEqualTo("done");
  }

  @Test
  void whereNothingIsMadeItEnds() {
    script.secrets = ScriptedRun.<SecretRef, String>refusing(ErrorCategory.NOT_FOUND);
    script.first.answers.add(context -> Begun.done(context.secret(SecretRef.environment("PW"))));
    StepRun<String> run = script.run(script.begun());
    CloudDbException e = script.failure(run);
    assertThat(e.category()).isEqualTo(ErrorCategory.NOT_FOUND);
    assertThat(run.isOver(e)).isTrue();
  }
}
