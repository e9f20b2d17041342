/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.spi.OperationState;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whoever finds a killed operation that was removing what it made does not make it again. */
class FailureIsWrittenDownTest {
  private final ScriptedRun script = new ScriptedRun();

  @Test
  void beforeAnythingIsRemoved() {
    script.first.makes = "the group";
    script.second.makes = "the thing";
    script.second.looks.add(context -> Look.missing());
    script.second.looks.add(context -> Look.failed(ScriptedRun.error(ErrorCategory.QUOTA)));
    StepRun<String> run = script.run(script.begun());
    for (int i = 0; i < 10 && !script.log.contains("undo second"); i++) {
      script.poll(run);
    }
    OperationState left =
        script.written.stream().filter(state -> state.failure().isPresent()).findFirst().get();
    script.log.clear();
    CloudDbException e = script.failure(script.run(left));
    assertThat(e.category()).isEqualTo(ErrorCategory.QUOTA);
    assertThat(script.log).containsExactly("undo second", "undo first");
  }

  /** A process that dies after each poll gets to the end all the same. */
  @Test
  void alsoAfterEachRemoval() {
    script.first.makes = "the group";
    script.second.makes = "the thing";
    script.second.looks.add(context -> Look.missing());
    script.second.looks.add(context -> Look.failed(ScriptedRun.error(ErrorCategory.QUOTA)));
    StepRun<String> run = script.run(script.begun());
    for (int i = 0; i < 10 && !script.log.contains("undo second"); i++) {
      script.poll(run);
    }
    OperationState left = script.written.get(script.written.size() - 1);
    assertThat(left.made()).containsExactly("first");
    script.log.clear();
    assertThat(script.failure(script.run(left)).category()).isEqualTo(ErrorCategory.QUOTA);
    assertThat(script.log).containsExactly("undo first");
  }

  @Test
  void nothingIsRemovedWhereItCannotBe() {
    script.first.makes = "the group";
    script.second.looks.add(context -> Look.failed(ScriptedRun.error(ErrorCategory.QUOTA)));
    StepRun<String> run =
        new StepRun<>(
            Workflow.of(ScriptedRun.KIND)
                .step(script.first)
                .step(script.second)
                .creates()
                .result(context -> ""),
            new StepContext(
                script.begun(), io.clouddb.spi.Customizations.NONE, secret -> "", script.now),
            next -> {
              if (next.failure().isPresent()) {
                throw ScriptedRun.error(ErrorCategory.UNAVAILABLE);
              }
            },
            true);
    CloudDbException e = script.failure(run);
    assertThat(e.category()).isEqualTo(ErrorCategory.UNAVAILABLE);
    assertThat(script.log).doesNotContainAnyElementsOf(List.of("undo second", "undo first"));
    assertThat(run.state().failure()).isEmpty();
  }

  /**
   * Of two processes that remove the same, the one that is gone on without removes nothing more.
   */
  @Test
  void nothingIsRemovedThatAnotherProcessRemoves() {
    script.first.makes = "the group";
    script.second.makes = "the thing";
    script.second.looks.add(context -> Look.missing());
    script.second.looks.add(context -> Look.failed(ScriptedRun.error(ErrorCategory.QUOTA)));
    script.second.undos.add(context -> Undone.going("is removed"));
    StepRun<String> run = script.run(script.begun());
    for (int i = 0; i < 10 && !script.log.contains("undo second"); i++) {
      script.poll(run);
    }
    script.log.clear();
    script.atWrite =
        () -> {
          throw ScriptedRun.error(ErrorCategory.CONDITION_FAILED);
        };
    assertThat(script.failure(run).category()).isEqualTo(ErrorCategory.CONDITION_FAILED);
    assertThat(script.log).isEmpty();
  }

  @Test
  void theFirstRemovalIsWrittenDownBeforeIt() {
    script.first.makes = "the group";
    script.second.looks.add(context -> Look.failed(ScriptedRun.error(ErrorCategory.QUOTA)));
    StepRun<String> run = script.run(script.begun());
    while (run.state().failure().isEmpty()) {
      script.poll(run);
    }
    script.atWrite =
        () -> {
          throw ScriptedRun.error(ErrorCategory.CONDITION_FAILED);
        };
    assertThat(script.failure(run).category()).isEqualTo(ErrorCategory.CONDITION_FAILED);
    assertThat(script.log).doesNotContain("undo first");
  }

  @Test
  void aLogThatCannotBeWrittenDoesNotHideWhyItFailed() {
    script.first.makes = "the group";
    script.second.looks.add(context -> Look.failed(ScriptedRun.error(ErrorCategory.QUOTA)));
    StepRun<String> run = script.run(script.begun());
    script.atWrite =
        () -> {
          if (script.log.contains("look second")) {
            throw ScriptedRun.error(ErrorCategory.UNAVAILABLE);
          }
        };
    CloudDbException e = script.failure(run);
    assertThat(e.category()).isEqualTo(ErrorCategory.UNAVAILABLE);
    assertThat(e.getSuppressed())
        .anySatisfy(
            why -> assertThat(((CloudDbException) why).category()).isEqualTo(ErrorCategory.QUOTA));
  }
}
