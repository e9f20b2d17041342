/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.ResourceId;
import io.clouddb.aws.RdsTestCloud;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.spi.BackupDriver;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepContext;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The parameters of the source and those that are asked for, in the group of what is restored. */
class RestoredParametersTest {
  private static final String REGION = "eu-west-1";

  private static StepContext context(RestoreSpec spec) {
    OperationState state =
        OperationState.begin(
            BackupDriver.RESTORE.id(),
            ResourceId.of("aws", "1", REGION, "instance", "again"),
            "op",
            Instant.EPOCH,
            spec.named("again").in(REGION));
    return RdsTestCloud.context(
        state.with(Notes.VERSION, "16.2").with("source-parameter.work_mem", "4096"), Instant.EPOCH);
  }

  /** To RDS, as to PostgreSQL, these are one. */
  @Test
  void whatIsAskedForReplacesTheSourcesWhateverItsCase() {
    RestoreSpec spec =
        RestoreSpec.from(ResourceId.of("aws", "1", REGION, "backup", "b-1"))
            .parameter("WORK_MEM", "8192");
    NewGroup group =
        new RestoreStep(new AnsweringRds().calls(), RestoreFields.table("aws"), REGION)
            .group(context(spec))
            .orElseThrow();
    assertThat(group.family()).isEqualTo("postgres16");
    assertThat(group.parameters()).hasSize(1).containsEntry("work_mem", "8192");
  }

  /** One of the two would be lost without a word. */
  @Test
  void whatIsAskedForTwiceIsRefused() {
    RestoreSpec spec =
        RestoreSpec.from(ResourceId.of("aws", "1", REGION, "backup", "b-1"))
            .parameter("WORK_MEM", "8192")
            .parameter("work_mem", "4096");
    RestoreStep step =
        new RestoreStep(new AnsweringRds().calls(), RestoreFields.table("aws"), REGION);
    assertThatThrownBy(() -> step.group(context(spec)))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("The parameter work_mem is asked for twice");
  }

  /** A token that anybody can have written opens nothing by another spelling. */
  @Test
  void whatLetsConnectionsInWithoutTlsIsKnownInWhateverCase() {
    RestoreSpec spec =
        RestoreSpec.from(ResourceId.of("aws", "1", REGION, "backup", "b-1"))
            .parameter("RDS.Force_SSL", "0");
    RestoreStep step =
        new RestoreStep(new AnsweringRds().calls(), RestoreFields.table("aws"), REGION);
    assertThat(step.guarded(context(spec))).isTrue();
  }
}
