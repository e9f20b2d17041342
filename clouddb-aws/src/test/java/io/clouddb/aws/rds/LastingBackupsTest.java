/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.clouddb.ResourceId;
import io.clouddb.aws.RdsTestCloud;
import io.clouddb.backup.BackupReplicationSpec;
import io.clouddb.backup.RestorableWindow;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.spi.BackupDriver;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.RemoteCalls;
import io.clouddb.spi.RetryPolicy;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBInstanceAutomatedBackup;
import software.amazon.awssdk.services.rds.model.DescribeDbInstanceAutomatedBackupsResponse;
import software.amazon.awssdk.services.rds.model.DescribeDbInstancesResponse;
import software.amazon.awssdk.services.rds.model.RestoreWindow;
import software.amazon.awssdk.services.rds.model.Tag;

/** An instance is deleted with its backups kept only where there is something to keep. */
class LastingBackupsTest {
  private static final Instant BEGUN = Instant.parse("2026-01-01T00:00:00Z");
  private static final ResourceId ORDERS =
      ResourceId.of("aws", "1", "eu-west-1", "instance", "orders");

  private final AnsweringRds rds = new AnsweringRds();

  private static StepContext context(Duration waited) {
    return RdsTestCloud.context(
        OperationState.begin(InstanceDriver.DELETE_KEEPING_BACKUPS.id(), ORDERS, "op", BEGUN, null)
            .with(Notes.RESOURCE, "db-1")
            .with(Notes.GROUP, "clouddb-orders-1")
            .at("left backups", "", BEGUN),
        BEGUN.plus(waited));
  }

  private static DBInstance orders(int days) {
    return DBInstance.builder()
        .dbInstanceIdentifier("orders")
        .dbInstanceStatus("available")
        .dbiResourceId("db-1")
        .backupRetentionPeriod(days)
        .build();
  }

  private void kept(String resource, String status, boolean reached) {
    kept(resource, status, null, reached ? BEGUN : null);
  }

  private void kept(
      String resource, String status, @Nullable Instant earliest, @Nullable Instant latest) {
    rds.answers(backups(resource, status, earliest, latest));
  }

  private static DescribeDbInstanceAutomatedBackupsResponse.Builder backups(
      String resource, String status, @Nullable Instant earliest, @Nullable Instant latest) {
    return DescribeDbInstanceAutomatedBackupsResponse.builder()
        .dbInstanceAutomatedBackups(
            DBInstanceAutomatedBackup.builder()
                .dbInstanceArn("arn:aws:rds:eu-west-1:1:db:orders")
                .dbiResourceId(resource)
                .status(status)
                .restoreWindow(
                    latest == null
                        ? null
                        : RestoreWindow.builder().earliestTime(earliest).latestTime(latest).build())
                .build());
  }

  private Optional<CloudDbException> refusal(int days) {
    return new LastingBackups(rds.calls()).refusal(context(Duration.ZERO), orders(days));
  }

  @Test
  void backupsThatAreOffKeepNothing() {
    assertThat(refusal(0).orElseThrow())
        .hasMessageContaining("automated backups of orders are off: RDS would keep nothing of it");
  }

  @ParameterizedTest
  @CsvSource({"db-1, creating, false", "db-1, active, false", "db-0, retained, true"})
  void noneOfItsOwnThatCanBeRestoredKeepsNothing(String resource, String status, boolean reached) {
    kept(resource, status, reached);
    CloudDbException refusal = refusal(7).orElseThrow();
    assertThat(refusal.category()).isEqualTo(ErrorCategory.CONDITION_FAILED);
    assertThat(refusal).hasMessageContaining("There is no automated backup of orders yet");
    assertThat(refusal.nextStep().orElse("")).contains("Take one by hand", "delete(...) it");
  }

  @Test
  void aReplicaHasNoMomentsToKeep() {
    DBInstance replica =
        orders(7).toBuilder().readReplicaSourceDBInstanceIdentifier("source").build();
    CloudDbException refusal =
        new LastingBackups(rds.calls()).refusal(context(Duration.ZERO), replica).orElseThrow();
    assertThat(refusal).hasMessageContaining("orders is a replica, which has no points in time");
    assertThat(refusal.nextStep().orElse("")).doesNotContain("wait");
  }

  @Test
  void oneThatCanBeRestoredIsKept() {
    kept("db-1", "active", true);
    assertThat(refusal(7)).isEmpty();
  }

  /** What the instance tells as its latest is no promise that there is a backup yet. */
  @Test
  void theWindowIsThatOfTheBackupsByWhichAllElseGoes() {
    kept("db-1", "creating", false);
    assertThat(window().latest()).isEmpty();
    assertThat(refusal(7).orElseThrow().nextStep().orElse(""))
        .contains("wait until backups().window(...) tells a latest moment");
  }

  private RestorableWindow window() {
    rds.answers(
        DescribeDbInstancesResponse.builder()
            .dbInstances(orders(7).toBuilder().latestRestorableTime(BEGUN).build()));
    return new RdsBackupDriver(
            "aws",
            "eu-west-1",
            () -> "1",
            region -> rds,
            new RemoteCalls(
                "aws", RetryPolicy.NONE, ObservationRegistry.NOOP, e -> Optional.empty()))
        .window(ORDERS)
        .orElseThrow();
  }

  /** RDS takes no moment that is not before the latest, so that the very first is not there yet. */
  @Test
  void aWindowWithoutAnEndHoldsNothing() {
    kept("db-1", "active", BEGUN, BEGUN);
    assertThat(window().contains(BEGUN)).isFalse();
    assertThat(window().contains(BEGUN.plusSeconds(60))).isFalse();
    assertThat(window().earliest()).isEmpty();
    AnsweringRds later = new AnsweringRds();
    later.answers(backups("db-1", "active", BEGUN, BEGUN.plusMillis(2)));
    assertThat(replicated(later)).isInstanceOf(Look.Happened.class);
    assertThat(replicated(rds)).isInstanceOf(Look.Going.class);
  }

  /** RDS backs a replica up from version 14.1 on, and restores it to no moment. */
  @Test
  void aReplicaHasNoWindow() {
    kept("db-1", "active", BEGUN, BEGUN.plusSeconds(60));
    rds.answers(
        DescribeDbInstancesResponse.builder()
            .dbInstances(
                orders(7).toBuilder().readReplicaSourceDBInstanceIdentifier("first").build()));
    RestorableWindow window = window();
    assertThat(window.earliest()).isEmpty();
    assertThat(window.latest()).isEmpty();
  }

  @Test
  void aListThatGoesInCirclesIsAnError() {
    rds.answers(backups("db-1", "active", BEGUN, BEGUN.plusSeconds(60)).marker("again"));
    assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () ->
            assertThatThrownBy(() -> new AutomatedBackupCalls(rds.calls()).of("orders"))
                .isInstanceOf(CloudDbException.class)
                .hasMessageContaining("same page of a list twice"));
  }

  private static Look replicated(AnsweringRds answering) {
    return new ReplicatedStep(answering.calls())
        .look(
            RdsTestCloud.context(
                OperationState.begin(
                    BackupDriver.REPLICATE.id(),
                    ORDERS,
                    "op",
                    BEGUN,
                    BackupReplicationSpec.replicated().of(ORDERS)),
                BEGUN));
  }

  /** They were there at the first look, and while their tags were written. */
  @Test
  void whatWasTurnedOffMeanwhileStopsTheDeletion() {
    rds.answers(DescribeDbInstancesResponse.builder().dbInstances(orders(0)));
    Look look = new DeleteStep(rds.calls(), true).look(context(Duration.ZERO));
    assertThat(look)
        .isInstanceOfSatisfying(
            Look.Failed.class,
            failed -> assertThat(failed.why()).hasMessageContaining("RDS would keep nothing"));
    assertThat(new DeleteStep(rds.calls(), false).look(context(Duration.ZERO)))
        .isInstanceOf(Look.Missing.class);
  }

  @ParameterizedTest
  @CsvSource({
    "db-1, retained, Failed",
    "db-1, active, Going",
    "db-1, deleting, Happened",
    "db-0, retained, Happened"
  })
  void whatAnothersDeletionKeepsIsTold(String resource, String status, String look) {
    kept(resource, status, true);
    NothingKeptStep step = new NothingKeptStep(rds.calls());
    assertThat(step.look(context(Duration.ZERO)).getClass().getSimpleName()).isEqualTo(look);
    StepContext own = context(Duration.ZERO);
    assertThat(step.applies(own)).isTrue();
    assertThat(step.applies(own.with(own.state().with(Notes.DELETED, Notes.YES)))).isFalse();
  }

  @Test
  void whatMayNotBeSeenKeepsNoDeletionFromItsEnd() {
    rds.refuses(DescribeDbInstanceAutomatedBackupsResponse.class, 403, "AccessDenied");
    assertThat(new NothingKeptStep(rds.calls()).look(context(Duration.ZERO)))
        .isInstanceOf(Look.Happened.class);
  }

  @Test
  void whatIsLeftIsWaitedForAndItsLackTold() {
    LeftBackupsStep step = new LeftBackupsStep(rds.calls());
    kept("db-0", "retained", true);
    assertThat(step.look(context(Duration.ofMinutes(1)))).isInstanceOf(Look.Going.class);
    assertThat(step.look(context(Duration.ofMinutes(11))))
        .isInstanceOfSatisfying(
            Look.Failed.class,
            failed ->
                assertThat(failed.why())
                    .hasMessageContaining("orders is deleted, and RDS shows no automated backups")
                    .hasMessageContaining("Left behind: the DB parameter group clouddb-orders-1"));
    assertThat(left("a=b", Duration.ZERO)).isInstanceOf(Look.Going.class);
    AnsweringRds late = new AnsweringRds();
    late.answers(backups("db-1", "active", BEGUN, BEGUN.plusSeconds(60)));
    LeftBackupsStep waiting = new LeftBackupsStep(late.calls());
    assertThat(waiting.look(context(Duration.ofMinutes(11))))
        .as("they are there, and nobody has taken them")
        .isInstanceOf(Look.Going.class);
    assertThat(waiting.limit()).isLessThanOrEqualTo(Duration.ofHours(1));
    assertThat(left("a=b", Duration.ofMinutes(11))).isInstanceOf(Look.Failed.class);
    assertThat(left("source.MultiAZ=true", Duration.ZERO)).isInstanceOf(Look.Happened.class);
  }

  private static Look left(String settings, Duration waited) {
    AnsweringRds shown = new AnsweringRds();
    shown.answers(
        DescribeDbInstanceAutomatedBackupsResponse.builder()
            .dbInstanceAutomatedBackups(
                DBInstanceAutomatedBackup.builder()
                    .dbInstanceArn("arn:aws:rds:eu-west-1:1:db:orders")
                    .dbiResourceId("db-1")
                    .status("retained")
                    .tagList(Tag.builder().key("clouddb-settings-1-of-1").value(settings).build())
                    .build()));
    return new LeftBackupsStep(shown.calls()).look(context(waited));
  }
}
