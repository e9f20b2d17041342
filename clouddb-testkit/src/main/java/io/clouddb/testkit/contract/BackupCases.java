/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.clouddb.CloudDb;
import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.ResourceId;
import io.clouddb.Support;
import io.clouddb.backup.Backup;
import io.clouddb.backup.BackupField;
import io.clouddb.backup.BackupQuery;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.RestorableWindow;
import io.clouddb.backup.RestoreField;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.testkit.contract.internal.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the pieces have in common that make backups: an instance for all tests of a piece, since
 * making one takes the most time, and the deletion of what each test leaves. They are left out
 * where the cloud says that it has none; {@link NoBackupContract} holds it to that.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BackupCases extends InstanceCases {
  /** Around a moment nothing is written for so long: some services tell whole seconds. */
  private static final Duration QUIET = Duration.ofSeconds(2);

  private record Kept(CloudDb where, String name) {}

  private final Map<InstanceSpec, Instance> sources = new HashMap<>();
  private final Deque<Kept> kept = new ArrayDeque<>();

  @SuppressWarnings("NullAway.Init") // Made before all tests.
  private AdminLogin admin;

  BackupCases(CloudContract kit) {
    super(kit);
  }

  @BeforeAll
  final void choosePassword(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("password"), "Contract-" + UUID.randomUUID());
    admin = AdminLogin.of("app_admin", SecretRef.file(file));
  }

  @BeforeEach
  void onlyWhereThereAreBackups() {
    assumeTrue(hasBackups(), "The cloud says that it has no backups");
  }

  @AfterEach
  final void deleteBackups() {
    while (!kept.isEmpty()) {
      Kept each = kept.pop();
      find(each.where(), each.name())
          .ifPresent(found -> each.where().backups().delete(found.id()).await(kit().limit()));
    }
  }

  @AfterAll
  final void deleteSources() {
    if (!sources.isEmpty()) {
      try (CloudDb closing = CloudDb.open(kit().config().build())) {
        sources.values().forEach(each -> delete(closing, closing.instances().get(each.id())));
      }
    }
  }

  /** Whether the cloud says that it has anything of backups. */
  final boolean hasBackups() {
    return Stream.concat(
            Arrays.stream(BackupField.values()).map(this::support),
            Arrays.stream(RestoreField.values()).map(this::support))
        .anyMatch(support -> support.answer() != Support.Answer.NO);
  }

  final Support support(BackupField field) {
    return support(Feature.of(field));
  }

  final Support support(RestoreField field) {
    return support(Feature.of(field));
  }

  private Support support(Feature feature) {
    return cloud().capabilities().supports(feature, FeatureContext.of(Engine.POSTGRESQL));
  }

  /** Whether the cloud says that an instance can be deleted so that its backups are kept. */
  final boolean keepsBackups() {
    return support(Feature.DELETE_KEEPING_BACKUPS).answer() != Support.Answer.NO;
  }

  /** The administrator of all sources, and of what is restored. */
  final AdminLogin admin() {
    return admin;
  }

  /** What the source of a field is asked for. */
  InstanceSpec sourceSpec(String name, RestoreField field) {
    return kit()
        .backedUp(name, admin, field)
        .parameter("work_mem", "6144")
        .tag("origin", "contract")
        .build();
  }

  /** A source with an empty table, the same one for all tests where it may be the same. */
  final Instance sourceFor(RestoreField field) {
    return sources.computeIfAbsent(
        sourceSpec("any", field), any -> withTable(create(sourceSpec(freshName(), field))));
  }

  /** The source of whatever asks for nothing more. */
  final Instance orders() {
    return sourceFor(RestoreField.BACKUP);
  }

  final Instance withTable(Instance instance) {
    try {
      WrittenRows.makeTable(kit().reachable(connection(instance)));
      return instance;
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** The cloud into whose region backups are brought. */
  final CloudDb away() {
    return cloud().in(kit().backupRegion());
  }

  /** A name for a backup, which is deleted after the test. */
  final String newBackupName(CloudDb where) {
    String name = freshName();
    kept.push(new Kept(where, name));
    return name;
  }

  /** Looks for a backup in a region, whatever it is of: a copy is of an instance elsewhere. */
  static Optional<Backup> find(CloudDb where, String name) {
    return where.backups().list(BackupQuery.all()).stream()
        .filter(backup -> backup.name().equals(name))
        .findFirst();
  }

  final Backup take(Instance of) {
    return cloud()
        .backups()
        .take(of.id(), BackupSpec.named(newBackupName(cloud())))
        .await(kit().limit());
  }

  /** A restore of a name of its own, which is deleted after the test. */
  final RestoreSpec restoring(RestoreSpec from) {
    return kit().restoring(from.named(newName()).login(admin));
  }

  final Instance restore(RestoreSpec spec) {
    return cloud().backups().restore(spec).await(kit().limit());
  }

  final ConnectionDetails connection(Instance instance) {
    return toShop(instance.connection(admin));
  }

  final RunningWriter writer(Instance to) {
    return RunningWriter.start(kit().reachable(connection(to)));
  }

  /** The number of the last row that an instance holds; every one before it is there, too. */
  final long rows(Instance instance) throws SQLException {
    return WrittenRows.last(kit().reachable(connection(instance)));
  }

  /** Writes the rows of these numbers. */
  final void write(Instance to, long first, long last) throws SQLException {
    WrittenRows.write(kit().reachable(connection(to)), first, last);
  }

  /** A moment around which nothing is written, as far as the caller writes nothing. */
  final Instant quietMoment() {
    pass(QUIET);
    Instant moment = now();
    pass(QUIET);
    return moment;
  }

  private void pass(Duration time) {
    Instant end = clock().instant().plus(time);
    Eventually.holds("it is " + end, kit().limit(), () -> clock().instant().isAfter(end));
  }

  /** The cloud's time. */
  final Clock clock() {
    return kit().config().build().clock();
  }

  /** The second that it is by the cloud's time. */
  final Instant now() {
    return clock().instant().truncatedTo(ChronoUnit.SECONDS);
  }

  final void awaitRestorable(CloudDb where, ResourceId instance, Instant moment) {
    awaitRestorable(where, instance, moment, kit().limit());
  }

  /** Clouds are some minutes late with what they can restore. */
  static void awaitRestorable(CloudDb where, ResourceId instance, Instant moment, Duration limit) {
    Eventually.holds(
        "it can be restored to " + moment,
        limit,
        () -> {
          RestorableWindow window = where.backups().window(instance);
          return window.latest().isPresent() && window.contains(moment);
        });
  }
}
