/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static io.clouddb.spi.InstanceDriver.CREATE;
import static io.clouddb.spi.InstanceDriver.DELETE;
import static io.clouddb.spi.InstanceDriver.MODIFY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.api.client.util.Data;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.FinalBackupConfig;
import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.instance.Insights;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceState;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.workflow.StepRun;
import io.clouddb.testkit.simulator.engine.ManualClock;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of requests whose answers are lost, and what is asked again. */
@Tag("slow")
class CloudSqlLostAnswersTest {
  private static final String PAGE = "<html><body>Blocked</body></html>";

  private final ManualClock clock = SimulatedClock.manual(Instant.parse("2026-01-01T00:00:00Z"));
  private final SimulatedCloudSql gcp = SimulatedCloudSql.start();
  private final Stepwise steps = new Stepwise(gcp.config().clock(clock).build());
  @TempDir private Path folder;

  @AfterEach
  void close() {
    steps.close();
    assertThat(gcp.simulator.bugs()).isEmpty();
    gcp.close();
  }

  private StepRun<Instance> creation() throws IOException {
    return steps.begin(
        CREATE, "orders", SimulatedCloudSql.spec("orders", folder).database("shop").build());
  }

  private CloudDbException failure(StepRun<?> run) {
    return catchThrowableOfType(CloudDbException.class, () -> steps.toAnError(run));
  }

  private void assertUnknownAndNamed(CloudDbException e) {
    assertThat(e.details().outcomeKnown()).as("%s", e).isFalse();
    assertThat(e.details().leftBehind())
        .get()
        .asString()
        .contains("the instance orders", "if a request whose answer was lost has made it");
  }

  @Test
  void aLookThatFailsLeavesTheOutcomeOfALostCreationUnknown() throws IOException {
    StepRun<Instance> run = creation();
    gcp.simulator.faults().on("instances.insert").connectionResetBefore();
    steps.goesOn(run);
    gcp.simulator.faults().on("instances.get").intercepted(403, "text/html", PAGE);
    assertUnknownAndNamed(failure(run));
  }

  @Test
  void aLaterRefusalLeavesTheOutcomeOfALostCreationUnknown() throws IOException {
    StepRun<Instance> run = creation();
    gcp.simulator.faults().on("instances.insert").connectionResetBefore();
    steps.goesOn(run);
    clock.advance(Duration.ofMinutes(2));
    gcp.simulator.faults().on("instances.insert").refused(403, "quotaExceeded", "Too many.");
    CloudDbException e = failure(run);
    assertThat(e.category()).isEqualTo(ErrorCategory.QUOTA);
    assertUnknownAndNamed(e);
  }

  @Test
  void aCreationIsSentAgainOnlyWhenItWouldBeSeen() throws IOException {
    StepRun<Instance> run = creation();
    gcp.simulator.faults().on("instances.insert").connectionResetBefore();
    steps.goesOn(run);
    clock.advance(Duration.ofMinutes(2).minusSeconds(1));
    steps.goesOn(run);
    assertThat(gcp.simulator.requests("instances.insert")).hasSize(1);
    clock.advance(Duration.ofSeconds(1));
    assertThat(steps.toTheEnd(run).state()).isEqualTo(InstanceState.AVAILABLE);
    assertThat(gcp.simulator.requests("instances.insert")).hasSize(2);
  }

  /** As the JDK's HTTP client does without a word: the second answer is that it exists. */
  @Test
  void aRequestThatWasSentTwiceFindsItsOwn() throws IOException {
    StepRun<Instance> run = creation();
    gcp.simulator.faults().on("instances.insert").connectionResetAfter();
    steps.goesOn(run);
    // Not shown yet, for as long as it takes.
    clock.advance(Duration.ofMinutes(2));
    gcp.simulator
        .faults()
        .on("instances.get")
        .refused(404, "instanceDoesNotExist", "It does not exist.");
    steps.goesOn(run);
    assertThat(gcp.simulator.requests("instances.insert")).hasSize(2);
    assertThat(steps.toTheEnd(run).state()).isEqualTo(InstanceState.AVAILABLE);
    assertThat(gcp.simulator.servers().list(SimulatedCloudSql.PROJECT)).hasSize(1);
  }

  @Test
  void whatAChangeMadeBeforeItEndedIsNamedAndNotMadeAgain() throws IOException {
    steps.toTheEnd(creation());
    StepRun<Instance> run =
        steps.begin(
            MODIFY,
            "orders",
            InstanceChange.builder()
                .tag("a", "b")
                .adminPassword(SecretRef.literal("another"))
                .build());
    gcp.simulator.faults().on("users.update").throttled();
    CloudDbException throttled = failure(run);
    assertThat(throttled.retryable()).isTrue();
    assertThat(run.unseen(throttled).details().leftBehind())
        .get()
        .asString()
        .contains("done: patch", "not done: password");

    StepRun<Instance> resumed = steps.resume(MODIFY, run.state());
    assertThat(steps.toTheEnd(resumed).tags()).containsEntry("a", "b");
    assertThat(gcp.simulator.requests("instances.patch")).hasSize(1);
    assertThat(gcp.simulator.requests("users.update")).hasSize(2);
  }

  @Test
  void anOlderTokenOfAChangeFindsThatItIsMade() throws IOException {
    steps.toTheEnd(creation());
    StepRun<Instance> run =
        steps.begin(MODIFY, "orders", InstanceChange.builder().tag("a", "b").build());
    StepRun<Instance> older = steps.resume(MODIFY, run.state());
    steps.goesOn(run);
    assertThat(steps.toTheEnd(older).tags()).containsEntry("a", "b");
    assertThat(gcp.simulator.requests("instances.patch"))
        .as("accepted, and not refused while the first one is made")
        .filteredOn(request -> request.status() == 200)
        .hasSize(1);
  }

  @Test
  void aCreationThatFailsAfterItWasAdoptedByAnOlderTokenNamesTheInstance() throws IOException {
    StepRun<Instance> run = creation();
    StepRun<Instance> older = steps.resume(CREATE, run.state());
    steps.goesOn(run);
    gcp.simulator.faults().on("users.insert").refused(400, "invalid", "Invalid request: no.");
    CloudDbException e = failure(older);
    assertThat(e.category()).isEqualTo(ErrorCategory.INVALID_ARGUMENT);
    assertThat(e.details().leftBehind()).get().asString().contains("the instance orders");
    assertThat(gcp.simulator.requests("instances.insert")).hasSize(1);
    assertThat(gcp.simulator.servers().list(SimulatedCloudSql.PROJECT))
        .as("an instance is never removed by itself")
        .hasSize(1);
  }

  /** Google lists the operations of an instance by its name, also those of an earlier one. */
  @Test
  void anEarlierInstancesFailureIsNotThisOnes() throws IOException {
    gcp.simulator.faults().failStarts(1);
    failure(creation());
    steps.toTheEnd(steps.begin(DELETE, "orders", null));
    StepRun<Instance> again = creation();
    gcp.simulator.sql().hideNextOperation(1000);
    gcp.simulator.faults().on("instances.insert").connectionResetAfter();
    assertThat(steps.toTheEnd(again).state()).isEqualTo(InstanceState.AVAILABLE);
  }

  @Test
  void aFieldThatIsTakenOutIsShownWhenItIsGone() {
    Settings out = new Settings().setTier("t").set("timeZone", Data.nullOf(String.class));
    assertThat(PatchRequest.isShown(out, new Settings().setTier("t"))).isTrue();
    assertThat(PatchRequest.isShown(out, new Settings().setTier("t").setTimeZone("x"))).isFalse();
    assertThat(PatchRequest.isShown(out, new Settings().setTier("u"))).isFalse();
  }

  /** Query Insights, a plain bool of the definition, are left out where they are off. */
  @Test
  void whatWasSwitchedOffAndIsLeftOutIsAskedForOnce() throws IOException {
    steps.toTheEnd(
        steps.begin(
            CREATE,
            "orders",
            SimulatedCloudSql.spec("orders", folder).insights(Insights.enabled()).build()));
    StepRun<Instance> run =
        steps.begin(
            MODIFY, "orders", InstanceChange.builder().insights(Insights.disabled()).build());
    gcp.simulator.faults().on("instances.patch").connectionResetAfter();
    DatabaseInstance changed = steps.toTheEnd(run).unwrap(DatabaseInstance.class);
    assertThat(changed.getSettings().getInsightsConfig().getQueryInsightsEnabled()).isNull();
    assertThat(gcp.simulator.requests("instances.patch")).hasSize(1);
  }

  @Test
  void whatWasSwitchedOffMayBeLeftOut() {
    Settings off =
        new Settings()
            .setRetainBackupsOnDelete(false)
            .setFinalBackupConfig(new FinalBackupConfig().setEnabled(false));
    Settings leftOut = new Settings().setTier("t");
    assertThat(PatchRequest.isInForce(off, leftOut)).isTrue();
    assertThat(PatchRequest.isShown(off, leftOut)).as("before it was sent").isFalse();
    Settings on = leftOut.clone().setFinalBackupConfig(new FinalBackupConfig().setEnabled(true));
    assertThat(PatchRequest.isInForce(off, on)).isFalse();
    assertThat(PatchRequest.isInForce(on, leftOut)).as("what is on is shown").isFalse();
    assertThat(PatchRequest.isInForce(off, off)).isTrue();
  }
}
