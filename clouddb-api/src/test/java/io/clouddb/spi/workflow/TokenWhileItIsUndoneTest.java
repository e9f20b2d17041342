/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.DataSize;
import io.clouddb.error.ErrorCategory;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Engine;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Storage;
import io.clouddb.internal.operation.OperationToken;
import io.clouddb.security.SecretRef;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What removes what was made needs no password, so that a literal one prevents no token. */
class TokenWhileItIsUndoneTest {
  private final ScriptedRun script = new ScriptedRun();

  @Test
  void isThereAlsoAfterALiteralPassword() {
    script.first.makes = "the group";
    script.second.needsSecret = true;
    script.second.answers.add(
        ScriptedRun.throwing(
            io.clouddb.error.ErrorDetails.of(ErrorCategory.QUOTA, "half \ud83d of a character")
                .toException()));
    InstanceSpec spec =
        InstanceSpec.builder("orders", Engine.POSTGRESQL, "16")
            .size(InstanceSize.atLeast(2, DataSize.gib(8)))
            .storage(Storage.ssd(DataSize.gib(20)))
            .admin(AdminLogin.of("app", SecretRef.literal("hunter2")))
            .build();
    StepRun<String> run = script.run(script.begun().asking(spec));
    while (run.state().failure().isEmpty()) {
      script.poll(run);
    }
    OperationToken tokens = new OperationToken("recording", null);
    String token = tokens.write(run.state());
    StepRun<String> resumed =
        script.run(tokens.read(token, kind -> Optional.of(InstanceSpec.class)));
    assertThat(script.failure(resumed).category()).isEqualTo(ErrorCategory.QUOTA);
    assertThat(script.log).contains("undo first");
  }
}
