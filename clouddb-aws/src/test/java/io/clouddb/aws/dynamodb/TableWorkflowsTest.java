/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.aws.internal.SignedJsonClient;
import io.clouddb.operation.OperationKind;
import io.clouddb.spi.RemoteCalls;
import io.clouddb.spi.RetryPolicy;
import io.clouddb.spi.table.TableBackupDriver;
import io.clouddb.spi.table.TableDriver;
import io.clouddb.spi.workflow.StepAction;
import io.clouddb.spi.workflow.Workflow;
import io.micrometer.observation.ObservationRegistry;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The names by which tokens and logs say where an operation is: all that is before a name is done.
 * A step that comes to another place, or means something else there, gets a new name. Whoever goes
 * on with an operation that is at the old one is then told so, and no step is passed over.
 */
class TableWorkflowsTest {
  private static DynamoDbClient unused(String region) {
    throw new AssertionError("nobody is asked in " + region);
  }

  private static SignedJsonClient unscaled(String region) {
    throw new AssertionError("nothing is scaled in " + region);
  }

  private static List<String> steps(OperationKind<?> kind) {
    RemoteCalls calls =
        new RemoteCalls("aws", RetryPolicy.NONE, ObservationRegistry.NOOP, ControlErrors.ofReads());
    List<Workflow<?>> ofTables =
        new DynamoTableDriver(
                "aws",
                "us-east-1",
                () -> "123456789012",
                TableWorkflowsTest::unused,
                TableWorkflowsTest::unscaled,
                spec -> {
                  throw new AssertionError("no data here");
                },
                calls)
            .workflows();
    List<Workflow<?>> ofBackups =
        new DynamoBackupDriver(
                "aws",
                "us-east-1",
                () -> "123456789012",
                TableWorkflowsTest::unused,
                TableWorkflowsTest::unscaled,
                calls)
            .workflows();
    return Stream.concat(ofTables.stream(), ofBackups.stream())
        .filter(workflow -> workflow.kind().equals(kind))
        .flatMap(workflow -> workflow.steps().stream())
        .map(StepAction::name)
        .toList();
  }

  @Test
  void aCreationHasTheseSteps() {
    assertThat(steps(TableDriver.CREATE))
        .containsExactly(
            "table",
            "active",
            "scaling",
            "replica",
            "scaling of replicas",
            "stream",
            "time to live",
            "tags",
            "recovery",
            "protection",
            "ready");
  }

  /**
   * "end scaling of what is removed" was the fifth of them once, and came to the end: it has to be
   * none.
   */
  @Test
  void aChangeHasTheseSteps() {
    assertThat(steps(TableDriver.MODIFY))
        .containsExactly(
            "at rest",
            "end protection",
            "remove replica",
            "end scaling with removed replicas",
            "remove index",
            "end scaling of what is fixed",
            "throughput",
            "reads of replicas",
            "end scaling of what has no units",
            "scaling of what is there",
            "index with its scaling",
            "stream off",
            "stream",
            "time to live off",
            "time to live",
            "encryption key",
            "table class",
            "table class of replicas",
            "replica",
            "stream of replicas",
            "scaling of replicas",
            "tags off",
            "tags",
            "recovery",
            "protection",
            "end scaling of removed replicas",
            "ready");
  }

  @Test
  void aDeletionHasTheseSteps() {
    assertThat(steps(TableDriver.DELETE))
        .containsExactly("remove replica", "delete", "end scaling of what is removed");
  }

  @Test
  void aBackupIsTakenAndDeletedInOneStep() {
    assertThat(steps(TableBackupDriver.TAKE)).containsExactly("backup");
    assertThat(steps(TableBackupDriver.DELETE)).containsExactly("delete");
  }

  @Test
  void aRestoreHasTheseSteps() {
    assertThat(steps(TableBackupDriver.RESTORE))
        .containsExactly(
            "restore",
            "active",
            "scaling",
            "stream",
            "time to live",
            "tags",
            "recovery",
            "protection",
            "ready");
  }
}
