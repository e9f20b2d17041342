/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.server;

import static io.clouddb.testkit.simulator.server.Databases.PASSWORD;
import static io.clouddb.testkit.simulator.server.Databases.admin;
import static io.clouddb.testkit.simulator.server.Databases.ask;
import static io.clouddb.testkit.simulator.server.Databases.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.testkit.postgres.EmbeddedPostgres;
import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.CloudEngine;
import io.clouddb.testkit.simulator.engine.ManualClock;
import io.clouddb.testkit.simulator.engine.OperationFailure;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import io.clouddb.testkit.simulator.engine.SimulatedOperation;
import io.clouddb.testkit.simulator.engine.SimulatorException;
import io.clouddb.testkit.simulator.engine.SimulatorException.Reason;
import io.clouddb.testkit.simulator.engine.Verb;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** That backups of managed servers, and moments, are restored with the data of their time. */
class BackupsTest {
  private static final String SCOPE = "account/region";
  private static final ResourceKey ORDERS = new ResourceKey(SCOPE, "orders");
  private static final ResourceKey RESTORED = new ResourceKey(SCOPE, "restored");
  private static final ResourceKey BACKUP = new ResourceKey(SCOPE, "before-release");
  private static final ResourceKey FAR = new ResourceKey("account/elsewhere", "before-release");
  private static final Duration DAY = Duration.ofDays(1);
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final BackupSchedule WEEK =
      BackupSchedule.daily(LocalTime.of(3, 0))
          .keep(Duration.ofDays(7))
          .pointInTime(Duration.ofDays(7))
          .atOnce()
          .build();

  private final ManualClock clock = SimulatedClock.manual(START);
  private final ManagedServers cloud =
      ManagedServers.builder(CloudProfile.RDS, new CloudEngine(clock)).build();
  private final Backups backups = cloud.backups();

  @AfterEach
  void close() {
    cloud.close();
  }

  private SimulatedInstance instance() throws Exception {
    ended(
        cloud
            .lifeCycle()
            .create(
                InstanceRequest.of(ORDERS, 16, "app_admin", PASSWORD)
                    .database("shop")
                    .parameters(Map.of("work_mem", "7168"))
                    .attribute("class", "db.m7g.large")
                    .build()));
    SimulatedInstance orders = cloud.get(ORDERS);
    run(admin(orders, "shop"), "CREATE TABLE t AS SELECT 1 AS a");
    return orders;
  }

  private static void insert(SimulatedInstance instance, int row) throws Exception {
    run(admin(instance, "shop"), "INSERT INTO t VALUES (" + row + ")");
  }

  private static String rows(SimulatedInstance instance) throws Exception {
    return ask(admin(instance, "shop"), "SELECT string_agg(a::text, ',' ORDER BY a) FROM t");
  }

  private void ended(SimulatedOperation operation) {
    clock.advanceUntilIdle();
    assertThat(operation.failure()).isEmpty();
    assertThat(operation.isRunning()).isFalse();
  }

  private SimulatedInstance restored(RestoreRequest.Builder request) {
    ended(backups.restore(request.build()));
    SimulatedInstance restored = cloud.get(RESTORED);
    assertThat(restored.state()).isEqualTo(InstanceState.AVAILABLE);
    return restored;
  }

  /** What is restored, of which nothing is left afterwards. */
  private String rows(RestoreRequest.Builder request) throws Exception {
    String rows = rows(restored(request));
    ended(cloud.lifeCycle().delete(RESTORED));
    return rows;
  }

  private String rowsAt(InstanceBackups history, Instant moment) throws Exception {
    return rows(RestoreRequest.of(RESTORED, history, moment));
  }

  private SimulatedBackup taken() {
    ended(backups.take(BackupRequest.of(BACKUP, ORDERS).build()));
    return backups.get(BACKUP);
  }

  private static void refused(Reason reason, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SimulatorException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  @Test
  void momentsThatWereGivenAwayDoNotComeBack() throws Exception {
    var unused = instance();
    backups.schedule(ORDERS, WEEK);
    clock.advance(DAY.multipliedBy(5));
    Instant before = backups.of(ORDERS).window().orElseThrow().earliest();
    backups.schedule(
        ORDERS, BackupSchedule.daily(LocalTime.of(3, 0)).keepCount(8).pointInTime(DAY).build());
    Instant earliest = backups.of(ORDERS).window().orElseThrow().earliest();
    assertThat(earliest).isAfter(before);
    backups.schedule(ORDERS, WEEK);
    assertThat(backups.of(ORDERS).window().orElseThrow().earliest()).isEqualTo(earliest);
  }

  @Test
  void backsUpWhatIsThereAtTheRequest() throws Exception {
    SimulatedInstance orders = instance();
    clock.advance(Duration.ofMinutes(1));
    SimulatedOperation operation =
        backups.take(
            BackupRequest.of(BACKUP, ORDERS).attribute("tags", "release").holdInstance().build());
    insert(orders, 2);
    SimulatedBackup backup = backups.get(BACKUP);
    assertThat(operation.verb()).isEqualTo(Verb.CREATE);
    assertThat(operation.target()).isEqualTo(BACKUP);
    assertThat(backup.state()).isEqualTo(SimulatedBackup.State.CREATING);
    assertThat(backup.origin()).isEqualTo(SimulatedBackup.Origin.MANUAL);
    assertThat(backup.completed()).isEmpty();
    assertThat(orders.state()).isEqualTo(InstanceState.BACKING_UP);
    refused(Reason.WRONG_STATE, () -> backups.delete(backup));
    refused(Reason.WRONG_STATE, () -> backups.restore(RestoreRequest.of(RESTORED, backup).build()));
    refused(Reason.WRONG_STATE, () -> backups.copy(backup, FAR, Map.of()));
    refused(Reason.WRONG_STATE, () -> backups.take(BackupRequest.of(FAR, ORDERS).build()));
    ended(operation);
    assertThat(orders.state()).isEqualTo(InstanceState.AVAILABLE);
    assertThat(backup.state()).isEqualTo(SimulatedBackup.State.AVAILABLE);
    assertThat(backup.completed()).contains(backup.started().plus(Timings.USUAL.backup()));
    assertThat(backup.attribute("tags", String.class)).contains("release");
    assertThat(backup.instanceAttributes()).containsEntry("class", "db.m7g.large");
    assertThat(backup.expires()).isEmpty();
    assertThat(backups.list(SCOPE)).containsExactly(backup);
    refused(Reason.ALREADY_EXISTS, () -> backups.take(BackupRequest.of(BACKUP, ORDERS).build()));

    SimulatedOperation restore =
        backups.restore(
            RestoreRequest.of(RESTORED, backup).attribute("class", "db.m7g.xlarge").build());
    SimulatedInstance restored = cloud.get(RESTORED);
    assertThat(restore.verb()).isEqualTo(Verb.RESTORE);
    assertThat(restored.state()).isEqualTo(InstanceState.CREATING);
    // It does not need its backup, or its source, any more.
    ended(backups.delete(backup));
    assertThat(backups.find(BACKUP)).isEmpty();
    ended(restore);
    assertThat(rows(restored)).isEqualTo("1");
    assertThat(restored.version()).isEqualTo(16);
    assertThat(restored.attribute("class", String.class)).contains("db.m7g.xlarge");
    assertThat(restored.users()).containsExactly("app_admin");
    assertThat(restored.databases()).containsExactly("postgres", "shop");
    assertThat(restored.pendingReboot()).isEmpty();
    assertThat(ask(admin(restored, "shop"), "SHOW work_mem")).isEqualTo("7MB");
    assertThat(rows(orders)).isEqualTo("1,2");
  }

  @Test
  void aBackupByHandSurvivesItsInstanceAndIsCopied() throws Exception {
    SimulatedInstance orders = instance();
    SimulatedBackup backup = taken();
    insert(orders, 2);
    Path directory = orders.server().orElseThrow().directory();
    SimulatedOperation copying = backups.copy(backup, FAR, Map.of("kms", "key"));
    SimulatedBackup copy = backups.get(FAR);
    assertThat(copy.state()).isEqualTo(SimulatedBackup.State.CREATING);
    ended(copying);
    assertThat(copy.origin()).isEqualTo(SimulatedBackup.Origin.COPY);
    assertThat(copy.taken()).isEqualTo(backup.started());
    assertThat(copy.started()).isAfter(copy.taken());
    assertThat(copy.attribute("kms", String.class)).contains("key");
    ended(cloud.lifeCycle().delete(ORDERS));
    assertThat(copy.instanceUid()).isEqualTo(orders.uid());
    ended(backups.delete(backup));
    assertThat(
            rows(
                restored(RestoreRequest.of(RESTORED, copy).parameters(Map.of("work_mem", "8192")))))
        .isEqualTo("1");
    assertThat(ask(admin(cloud.get(RESTORED), "shop"), "SHOW work_mem")).isEqualTo("8MB");
    assertThat(directory).exists();
    ended(backups.delete(copy));
    assertThat(directory).doesNotExist();
  }

  @Test
  void restoresToTheTransactionBySimulatedTime() throws Exception {
    SimulatedInstance orders = instance();
    backups.schedule(ORDERS, WEEK);
    InstanceBackups history = backups.of(ORDERS);
    assertThat(history.window()).isEmpty();
    refused(Reason.WRONG_STATE, () -> rowsAt(history, clock.instant()));
    clock.advance(Duration.ofHours(1));
    insert(orders, 2);
    Instant second = clock.instant();
    clock.advance(Duration.ofSeconds(1));
    insert(orders, 3);
    clock.advance(Duration.ofHours(1));
    InstanceBackups.Window window = history.window().orElseThrow();
    assertThat(window.earliest()).isEqualTo(history.backups().get(0).completed().orElseThrow());
    assertThat(window.latest()).isEqualTo(clock.instant());
    assertThat(rowsAt(history, second.minusMillis(1))).isEqualTo("1");
    assertThat(rowsAt(history, second.plusMillis(999))).isEqualTo("1,2");
    assertThat(rowsAt(history, second.plusSeconds(1))).isEqualTo("1,2,3");
    refused(Reason.INVALID_PARAMETER, () -> rowsAt(history, window.earliest().minusMillis(1)));
    refused(Reason.INVALID_PARAMETER, () -> rowsAt(history, clock.instant().plusMillis(1)));
    SimulatedOperation latest = backups.restore(RestoreRequest.latest(RESTORED, history).build());
    insert(orders, 4);
    ended(latest);
    assertThat(rows(cloud.get(RESTORED))).isEqualTo("1,2,3");
  }

  @Test
  void keepsDailyBackupsAsLongAsTheScheduleSays() throws Exception {
    SimulatedInstance orders = instance();
    backups.schedule(ORDERS, WEEK);
    InstanceBackups history = backups.of(ORDERS);
    assertThat(history.backups()).hasSize(1);
    clock.advance(Duration.ofHours(12));
    insert(orders, 2);
    clock.advance(Duration.ofDays(35));
    insert(orders, 3);
    List<SimulatedBackup> found = history.backups();
    assertThat(found).hasSize(7);
    SimulatedBackup oldest = found.get(0);
    assertThat(oldest.started()).isEqualTo(Instant.parse("2026-01-30T03:00:00Z"));
    assertThat(oldest.key().name()).isEqualTo("orders-2026-01-30-03-00");
    assertThat(oldest.origin()).isEqualTo(SimulatedBackup.Origin.AUTOMATED);
    assertThat(oldest.expires()).contains(oldest.started().plus(Duration.ofDays(7)));
    assertThat(found.get(6).started()).isEqualTo(Instant.parse("2026-02-05T03:00:00Z"));
    assertThat(history.backups()).isEqualTo(found);
    assertThat(rows(RestoreRequest.of(RESTORED, oldest))).isEqualTo("1,2");
    ended(backups.delete(found.get(1)));
    assertThat(history.backups()).hasSize(6).doesNotContain(found.get(1));
    refused(Reason.NOT_FOUND, () -> backups.delete(found.get(1)));
    // A new schedule deletes what it does not keep, and the old one would not have it back.
    backups.schedule(ORDERS, BackupSchedule.daily(LocalTime.of(23, 0)).keepCount(2).build());
    assertThat(history.backups()).hasSize(2);
    assertThat(history.window()).isEmpty();
    clock.advance(DAY);
    assertThat(history.backups()).hasSize(2);
    assertThat(history.backups().get(1).started()).isEqualTo(Instant.parse("2026-02-05T23:00:00Z"));
    refused(Reason.NOT_FOUND, () -> backups.restore(RestoreRequest.of(RESTORED, oldest).build()));
    refused(Reason.NOT_FOUND, () -> backups.delete(oldest));
    backups.schedule(ORDERS, BackupSchedule.paused().keep(Duration.ofDays(7)).build());
    clock.advance(DAY);
    assertThat(history.backups()).hasSize(2);
    backups.schedule(ORDERS, BackupSchedule.off());
    assertThat(history.backups()).isEmpty();
  }

  @Test
  void makesNoneWhileTheInstanceIsStopped() throws Exception {
    SimulatedInstance orders = instance();
    backups.schedule(ORDERS, WEEK);
    InstanceBackups history = backups.of(ORDERS);
    clock.advance(Duration.ofHours(1));
    ended(cloud.lifeCycle().stop(ORDERS));
    Instant stopped = clock.instant();
    refused(Reason.WRONG_STATE, () -> backups.take(BackupRequest.of(BACKUP, ORDERS).build()));
    ended(backups.take(BackupRequest.of(BACKUP, ORDERS).stoppedToo().holdInstance().build()));
    assertThat(orders.state()).isEqualTo(InstanceState.STOPPED);
    clock.advance(DAY.multipliedBy(3));
    assertThat(history.backups()).hasSize(1);
    assertThat(history.window().orElseThrow().latest()).isEqualTo(stopped);
    ended(cloud.lifeCycle().start(ORDERS));
    insert(orders, 2);
    assertThat(rows(RestoreRequest.of(RESTORED, backups.get(BACKUP)))).isEqualTo("1");
    clock.advance(DAY);
    assertThat(history.backups()).hasSize(2);
    assertThat(history.window().orElseThrow().latest()).isEqualTo(clock.instant());
  }

  @Test
  void restoresAnInstanceThatIsGoneAsLongAsItsBackupsAreKept() throws Exception {
    SimulatedInstance orders = instance();
    backups.schedule(ORDERS, WEEK);
    clock.advance(DAY);
    insert(orders, 2);
    Instant second = clock.instant();
    clock.advance(DAY);
    insert(orders, 3);
    Path directory = orders.server().orElseThrow().directory();
    backups.keepAfterDeletion(ORDERS, Duration.ofDays(3));
    InstanceBackups history = backups.of(ORDERS);
    ended(cloud.lifeCycle().delete(ORDERS));
    Instant deleted = clock.instant();
    // Another one of that name has nothing to do with it.
    SimulatedInstance other = instance();
    insert(other, 9);
    assertThat(history.deleted()).contains(deleted);
    assertThat(backups.all(SCOPE)).containsExactly(history, backups.of(ORDERS));
    assertThat(history.window().orElseThrow().latest()).isEqualTo(deleted);
    assertThat(rowsAt(history, second)).isEqualTo("1,2");
    assertThat(rows(RestoreRequest.latest(RESTORED, history))).isEqualTo("1,2,3");
    assertThat(directory).exists();
    clock.advance(DAY.multipliedBy(3));
    assertThat(backups.all(SCOPE)).containsExactly(backups.of(ORDERS));
    assertThat(directory).doesNotExist();
    refused(Reason.WRONG_STATE, () -> rowsAt(history, second));
  }

  @Test
  void letsGoOfWhatIsDiscardedBeforeItsTime() throws Exception {
    SimulatedInstance orders = instance();
    backups.schedule(ORDERS, WEEK);
    InstanceBackups elsewhere = backups.replicate(ORDERS, WEEK, Duration.ofDays(3));
    clock.advance(DAY);
    Path directory = orders.server().orElseThrow().directory();
    backups.keepAfterDeletion(ORDERS, Duration.ofDays(3));
    InstanceBackups history = backups.of(ORDERS);
    assertThatThrownBy(() -> backups.discard(history)).isInstanceOf(IllegalStateException.class);
    ended(cloud.lifeCycle().delete(ORDERS));
    backups.discard(history);
    assertThat(backups.all(SCOPE)).isEmpty();
    assertThat(elsewhere.backups()).isNotEmpty();
    assertThat(directory).as("the other place has it still").exists();
    backups.discard(elsewhere);
    assertThat(elsewhere.backups()).isEmpty();
    assertThat(directory).doesNotExist();
  }

  @Test
  void keepsNothingWhereTheLastDeletionDoesNot() throws Exception {
    SimulatedInstance orders = instance();
    backups.schedule(ORDERS, WEEK);
    clock.advance(DAY);
    Path directory = orders.server().orElseThrow().directory();
    backups.keepAfterDeletion(ORDERS, Duration.ofDays(3));
    backups.keepAfterDeletion(ORDERS, Duration.ZERO);
    ended(cloud.lifeCycle().delete(ORDERS));
    assertThat(backups.all(SCOPE)).isEmpty();
    assertThat(directory).doesNotExist();
  }

  @Test
  void keepsNoBackupThatIsStillBeingMadeWhenItsInstanceGoes() throws Exception {
    SimulatedInstance orders = instance();
    Path directory = orders.server().orElseThrow().directory();
    var deletion = cloud.lifeCycle().delete(ORDERS);
    backups.keepAfterDeletion(ORDERS, Duration.ofDays(3));
    clock.advance(Timings.USUAL.delete().minusSeconds(1));
    backups.schedule(ORDERS, WEEK);
    InstanceBackups history = backups.of(ORDERS);
    assertThat(history.backups()).hasSize(1);
    ended(deletion);
    assertThat(history.backups()).isEmpty();
    assertThat(backups.all(SCOPE)).isEmpty();
    assertThat(directory).doesNotExist();
  }

  @Test
  void letsGoOfOneBackupADayOfAnInstanceThatIsGoneHoweverOldTheyAre() throws Exception {
    SimulatedInstance orders = instance();
    backups.schedule(
        ORDERS, BackupSchedule.daily(LocalTime.of(3, 0)).keepCount(3).pointInTime(DAY).build());
    clock.advance(DAY.multipliedBy(4));
    backups.schedule(ORDERS, BackupSchedule.paused().keepCount(3).build());
    clock.advance(DAY.multipliedBy(30));
    Path directory = orders.server().orElseThrow().directory();
    InstanceBackups history = backups.of(ORDERS);
    List<SimulatedBackup> kept = history.backups();
    assertThat(kept).hasSize(3);
    backups.keepOneFewerEachDay(ORDERS, true);
    ended(cloud.lifeCycle().delete(ORDERS));
    Instant deleted = clock.instant();
    // A deletion whose end has failed is asked for again.
    history.end();
    assertThat(history.backups()).isEqualTo(kept);
    assertThat(kept).allMatch(backup -> backup.expires().isPresent());
    assertThat(kept.get(1).expires()).contains(deleted.plus(DAY.multipliedBy(2)));
    clock.advance(DAY);
    assertThat(history.backups()).as("the oldest goes first").isEqualTo(kept.subList(1, 3));
    assertThat(rows(RestoreRequest.of(RESTORED, kept.get(2)))).isEqualTo("1");
    clock.advance(DAY.multipliedBy(2));
    assertThat(backups.all(SCOPE)).doesNotContain(history);
    assertThat(directory).doesNotExist();
  }

  @Test
  void keepsNothingForADeletionThatFailedAndWasToKeepIt() throws Exception {
    SimulatedInstance orders = instance();
    backups.schedule(ORDERS, WEEK);
    clock.advance(DAY);
    Path directory = orders.server().orElseThrow().directory();
    backups.keepOneFewerEachDay(ORDERS, true);
    backups.keepOneFewerEachDay(ORDERS, false);
    ended(cloud.lifeCycle().delete(ORDERS));
    assertThat(backups.all(SCOPE)).isEmpty();
    assertThat(directory).doesNotExist();
  }

  @Test
  void leavesNothingOfAnInstanceWhoseBackupsAreNotKept() throws Exception {
    SimulatedInstance orders = instance();
    backups.schedule(ORDERS, WEEK);
    Path directory = orders.server().orElseThrow().directory();
    ended(cloud.lifeCycle().delete(ORDERS));
    assertThat(directory).doesNotExist();
    assertThat(backups.all(SCOPE)).isEmpty();
  }

  @Test
  void holdsAPrefixOfWhatIsWrittenMeanwhile() throws Exception {
    SimulatedInstance orders = instance();
    backups.schedule(ORDERS, WEEK);
    ExecutorService threads = Executors.newSingleThreadExecutor();
    AtomicBoolean end = new AtomicBoolean();
    AtomicInteger written = new AtomicInteger(1);
    CountDownLatch some = new CountDownLatch(100);
    Future<?> writer =
        threads.submit(
            () -> {
              try (Connection connection = admin(orders, "shop").connect();
                  Statement statement = connection.createStatement()) {
                while (!end.get()) {
                  statement.execute("INSERT INTO t VALUES (" + (written.get() + 1) + ")");
                  written.incrementAndGet();
                  some.countDown();
                }
              }
              return true;
            });
    try {
      assertThat(some.await(30, TimeUnit.SECONDS)).isTrue();
      int before = written.get();
      SimulatedOperation taking = backups.take(BackupRequest.of(BACKUP, ORDERS).build());
      int after = written.get();
      ended(taking);
      int beforeMove = written.get();
      Instant moment = clock.instant();
      clock.advance(Duration.ofMinutes(1));
      int afterMove = written.get();
      SimulatedInstance restored = restored(RestoreRequest.of(RESTORED, backups.get(BACKUP)));
      int rows = Integer.parseInt(ask(admin(restored, "shop"), "SELECT count(*) FROM t"));
      assertThat(ask(admin(restored, "shop"), "SELECT max(a) FROM t"))
          .isEqualTo(Integer.toString(rows));
      // One may have been on its way.
      assertThat(rows).isBetween(before, after + 1);
      ended(cloud.lifeCycle().delete(RESTORED));
      restored = restored(RestoreRequest.of(RESTORED, backups.of(ORDERS), moment));
      rows = Integer.parseInt(ask(admin(restored, "shop"), "SELECT max(a) FROM t"));
      assertThat(rows).isBetween(beforeMove, afterMove + 1);
    } finally {
      end.set(true);
      writer.get();
      threads.shutdownNow();
    }
  }

  @Test
  void restoresWhatAReplicaShowsAndWhatItHasDoneSinceItWasPromoted() throws Exception {
    SimulatedInstance orders = instance();
    ResourceKey key = new ResourceKey(SCOPE, "reader");
    ended(cloud.replicas().create(ReplicaRequest.of(key, ORDERS).build()));
    SimulatedInstance reader = cloud.get(key);
    EmbeddedPostgres server = reader.server().orElseThrow();
    insert(orders, 2);
    server.catchUp(Duration.ofSeconds(30));
    server.pauseReplay();
    insert(orders, 3);
    ended(backups.take(BackupRequest.of(BACKUP, key).build()));
    server.resumeReplay().catchUp(Duration.ofSeconds(30));
    assertThat(rows(RestoreRequest.of(RESTORED, backups.get(BACKUP)))).isEqualTo("1,2");

    backups.schedule(key, WEEK);
    clock.advance(DAY);
    assertThat(backups.of(key).backups()).isEmpty();
    ended(cloud.replicas().promote(key, Promotion.builder().build()));
    insert(reader, 4);
    assertThat(backups.of(key).backups()).hasSize(1);
    clock.advance(Duration.ofHours(1));
    Instant fourth = clock.instant();
    clock.advance(Duration.ofHours(1));
    insert(reader, 5);
    ended(cloud.lifeCycle().delete(ORDERS));
    assertThat(rowsAt(backups.of(key), fourth)).isEqualTo("1,2,3,4");
  }

  @Test
  void putsABackupIntoAnInstanceThatIsThere() throws Exception {
    SimulatedInstance orders = instance();
    backups.schedule(ORDERS, WEEK);
    SimulatedBackup backup = taken();
    int port = orders.port().orElseThrow();
    insert(orders, 2);
    Instant second = clock.instant();
    SimulatedOperation operation =
        backups.restore(RestoreRequest.of(ORDERS, backup).replacing().build());
    assertThat(orders.state()).isEqualTo(InstanceState.MODIFYING);
    ended(operation);
    assertThat(orders.state()).isEqualTo(InstanceState.AVAILABLE);
    assertThat(orders.port()).hasValue(port);
    assertThat(rows(orders)).isEqualTo("1");
    assertThat(orders.attribute("class", String.class)).contains("db.m7g.large");
    insert(orders, 7);
    Instant third = clock.instant();
    clock.advance(DAY);
    assertThat(rowsAt(backups.of(ORDERS), second)).isEqualTo("1,2");
    assertThat(rowsAt(backups.of(ORDERS), third)).isEqualTo("1,7");
  }

  @Test
  void failsAsAskedAndByItself() throws Exception {
    SimulatedInstance orders = instance();
    Call failing =
        Call.of("CreateDBSnapshot", Verb.CREATE, Call.BACKUP, "before-release")
            .failing(new OperationFailure("code", "no room"));
    SimulatedOperation taking =
        cloud.backups(failing).take(BackupRequest.of(BACKUP, ORDERS).holdInstance().build());
    clock.advanceUntilIdle();
    assertThat(taking.failure()).get().extracting(Throwable::getMessage).isEqualTo("no room");
    SimulatedBackup failed = backups.get(BACKUP);
    assertThat(failed.state()).isEqualTo(SimulatedBackup.State.FAILED);
    assertThat(failed.failure()).isPresent();
    assertThat(orders.state()).isEqualTo(InstanceState.AVAILABLE);
    refused(Reason.WRONG_STATE, () -> backups.restore(RestoreRequest.of(RESTORED, failed).build()));
    ended(backups.delete(failed));

    SimulatedBackup backup = taken();
    SimulatedOperation restore =
        cloud.backups(failing).restore(RestoreRequest.of(RESTORED, backup).build());
    clock.advanceUntilIdle();
    assertThat(restore.failure()).isPresent();
    assertThat(cloud.get(RESTORED).state()).isEqualTo(InstanceState.FAILED);
    assertThat(cloud.get(RESTORED).port()).isEmpty();
    ended(cloud.lifeCycle().delete(RESTORED));
    cloud.engine().faults().failStarts(1);
    SimulatedOperation broken =
        backups.restore(RestoreRequest.of(ORDERS, backup).replacing().build());
    clock.advanceUntilIdle();
    assertThat(broken.failure()).isPresent();
    assertThat(orders.state()).isEqualTo(InstanceState.AVAILABLE);
    assertThat(rows(orders)).isEqualTo("1");
    refused(
        Reason.INVALID_PARAMETER,
        () ->
            backups.restore(
                RestoreRequest.of(RESTORED, backup)
                    .parameters(Map.of("no_such_thing", "1"))
                    .build()));
    refused(
        Reason.ALREADY_EXISTS, () -> backups.restore(RestoreRequest.of(ORDERS, backup).build()));
    assertThat(rows(RestoreRequest.of(RESTORED, backup))).isEqualTo("1");
  }

  @Test
  void restoresAfterTheServerWasKilled() throws Exception {
    SimulatedInstance orders = instance();
    backups.schedule(ORDERS, WEEK);
    clock.advance(Duration.ofHours(1));
    insert(orders, 2);
    Instant second = clock.instant();
    clock.advance(Duration.ofHours(1));
    insert(orders, 3);
    clock.advance(Duration.ofHours(1));
    orders.server().orElseThrow().kill();
    assertThat(rowsAt(backups.of(ORDERS), second)).isEqualTo("1,2");
  }
}
