/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudDb;
import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.ResourceId;
import io.clouddb.Support;
import io.clouddb.backup.Backup;
import io.clouddb.backup.BackupField;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.backup.BackupQuery;
import io.clouddb.backup.BackupReplicationSpec;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.RestoreField;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.error.NotFoundException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.InstanceState;
import io.clouddb.plan.Drift;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.testkit.contract.internal.Eventually;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An instance and a backup of it, of which {@link BackupInterruptionsContract} has each operation
 * find what it needs: one of each serves all kinds, since making anew is what takes time.
 */
final class OrdersAndBackups {
  /** There before anything is interrupted. */
  private static final String BEFORE = "orders-before";

  /** Taken, and deleted again. */
  private static final String TAKEN = "orders-taken";

  private static final String COPIED = "orders-copied";

  /** So many rows there are in what is restored; the instance has one more since. */
  private static final long ROWS = 3;

  /** Around a moment nothing is written for so long: some services tell whole seconds. */
  private static final Duration QUIET = Duration.ofSeconds(2);

  private static final BackupPolicy FEWER_DAYS = BackupPolicy.daily().retainDays(8).discarding();

  private final SimulatedCloudContract kit;
  private final CloudDb cloud;
  private final AdminLogin admin;
  private final Duration limit;
  private final Clock clock;

  private @Nullable Instance orders;
  private Instant moment = Instant.EPOCH;
  private @Nullable ResourceId deleted;
  private List<String> before = List.of();

  OrdersAndBackups(SimulatedCloudContract kit, CloudDb cloud, AdminLogin admin, Duration limit) {
    this.kit = kit;
    this.cloud = cloud;
    this.admin = admin;
    this.limit = limit;
    this.clock = kit.config().build().clock();
  }

  private CloudDb away() {
    return cloud.in(kit.backupRegion());
  }

  private boolean has(BackupField field) {
    return has(Feature.of(field));
  }

  private boolean has(Feature feature) {
    return cloud.capabilities().supports(feature, FeatureContext.of(Engine.POSTGRESQL)).answer()
        != Support.Answer.NO;
  }

  /** Those that the cloud has. */
  Stream<InterruptedBackupKind> kinds() {
    return Stream.of(InterruptedBackupKind.values())
        .filter(
            kind ->
                switch (kind) {
                  case TAKE, PROTECT, SET_POLICY, RESTORE, MOMENT, DELETE -> has(BackupField.TAKE);
                  case COPY -> has(BackupField.COPY);
                  case REPLICATE, END_REPLICATION -> has(BackupField.REPLICATION);
                  case DELETE_KEEPING -> has(Feature.DELETE_KEEPING_BACKUPS);
                });
  }

  private InstanceSpec spec(String name) {
    return kit.backedUp(name, admin, RestoreField.BACKUP)
        .parameter("work_mem", "6144")
        .tag("origin", "contract")
        .build();
  }

  private ConnectionDetails connection(Instance instance) {
    return kit.reachable(instance.connection(admin).toBuilder().database("shop").build());
  }

  /** With rows, a backup of them and a moment at which they were there; and one more row. */
  private Instance orders() {
    Instance found = orders;
    if (found == null) {
      found = cloud.instances().create(spec(InterruptedBackupKind.ORDERS)).await(limit);
      orders = found;
      try {
        WrittenRows.makeTable(connection(found));
        WrittenRows.write(connection(found), 1, ROWS);
        ensure(BEFORE);
        pass(QUIET);
        moment = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        pass(QUIET);
        WrittenRows.write(connection(found), ROWS + 1, ROWS + 1);
      } catch (SQLException e) {
        throw new AssertionError(e);
      }
      awaitRestorable(cloud, found.id(), moment);
    }
    return found;
  }

  private void pass(Duration time) {
    Instant end = clock.instant().plus(time);
    Eventually.holds("it is " + end, limit, () -> clock.instant().isAfter(end));
  }

  private void awaitRestorable(CloudDb where, ResourceId instance, Instant to) {
    BackupCases.awaitRestorable(where, instance, to, limit);
  }

  private Backup ensure(String name) {
    return BackupCases.find(cloud, name)
        .filter(found -> found.state() == Backup.State.AVAILABLE)
        .orElseGet(
            () -> {
              remove(cloud, name);
              return cloud.backups().take(orders().id(), BackupSpec.named(name)).await(limit);
            });
  }

  private void remove(CloudDb where, String name) {
    BackupCases.find(where, name)
        .ifPresent(found -> where.backups().delete(found.id()).await(limit));
  }

  private void removeInstance(String name) {
    cloud
        .instances()
        .find(name)
        .ifPresent(found -> cloud.instances().delete(found.id()).await(limit));
  }

  /** The policy is as it was at first. */
  private void endProtection() {
    if (isOf(spec(InterruptedBackupKind.ORDERS))) {
      return;
    }
    InstanceChange fewer = InstanceChange.builder().backups(FEWER_DAYS).build();
    cloud.instances().modify(orders().id(), fewer).await(limit);
    Eventually.holds(
        "the policy is as before", limit, () -> isOf(spec(InterruptedBackupKind.ORDERS)));
  }

  /** Whether an instance has the retention of a spec; not where nobody tells. */
  private boolean isOf(InstanceSpec wanted) {
    Drift drift = cloud.instances().drift(wanted);
    return Stream.concat(drift.differences().stream(), drift.unknown().stream())
        .noneMatch(each -> each.field() == InstanceField.BACKUP_RETENTION);
  }

  private boolean isReplicated() {
    try {
      return away().backups().window(orders().id()).instance().equals(orders().id());
    } catch (NotFoundException e) {
      return false;
    }
  }

  private void endReplication() {
    if (isReplicated()) {
      away().backups().endReplication(orders().id()).await(limit);
    }
  }

  /** Has the cloud be as an operation needs it, whatever another one has left. */
  void prepare(InterruptedBackupKind kind) {
    Instance of = orders();
    switch (kind) {
      case TAKE -> remove(cloud, TAKEN);
      case PROTECT, SET_POLICY -> {
        remove(cloud, TAKEN);
        endProtection();
      }
      case COPY -> remove(away(), COPIED);
      case RESTORE, MOMENT -> {
        removeInstance(InterruptedBackupKind.RESTORED);
        endProtection();
      }
      case DELETE -> ensure(TAKEN);
      case REPLICATE -> endReplication();
      case END_REPLICATION -> {
        if (!isReplicated()) {
          away().backups().replicate(of.id(), kit.farReplication()).await(limit);
        }
      }
      case DELETE_KEEPING -> {
        String name = InterruptedBackupKind.DELETED;
        Optional<Instance> there =
            cloud.instances().find(name).filter(found -> found.state() == InstanceState.AVAILABLE);
        if (there.isEmpty()) {
          removeInstance(name);
        }
        Instance kept = there.orElseGet(() -> cloud.instances().create(spec(name)).await(limit));
        awaitRestorable(cloud, kept.id(), clock.instant());
        deleted = kept.id();
      }
    }
    before = names();
  }

  private RestoreSpec restore(InterruptedBackupKind kind) {
    RestoreSpec from =
        kind == InterruptedBackupKind.MOMENT
            ? RestoreSpec.of(orders().id()).at(moment)
            : RestoreSpec.from(ensure(BEFORE));
    return kit.restoring(
        from.named(InterruptedBackupKind.RESTORED)
            .login(admin)
            .parameter("statement_timeout", "60000")
            .tag("why", "drill"));
  }

  /** What a kind is about. */
  InterruptedBackupKind.Subject subject(InterruptedBackupKind kind) {
    String spec =
        switch (kind) {
          case TAKE, PROTECT, SET_POLICY -> BackupSpec.named(TAKEN).toJson();
          case COPY -> kit.farCopy(COPIED).toJson();
          case RESTORE, MOMENT -> restore(kind).toJson();
          case REPLICATE -> kit.farReplication().toJson();
          case DELETE, END_REPLICATION, DELETE_KEEPING -> "";
        };
    String of = kind == InterruptedBackupKind.DELETE ? TAKEN : BEFORE;
    return new InterruptedBackupKind.Subject(
        kind == InterruptedBackupKind.DELETE_KEEPING ? whatIsDeleted() : orders().id(),
        ensure(of).id(),
        spec,
        kit.backupRegion());
  }

  private ResourceId whatIsDeleted() {
    return Optional.ofNullable(deleted).orElseThrow();
  }

  /** The names of all instances and backups by hand, each as often as it is there. */
  private List<String> names() {
    List<String> names = new ArrayList<>();
    cloud.instances().list().forEach(instance -> names.add(instance.name()));
    for (CloudDb where : has(BackupField.COPY) ? List.of(cloud, away()) : List.of(cloud)) {
      for (Backup backup : where.backups().list(BackupQuery.all())) {
        if (backup.origin() != Backup.Origin.AUTOMATIC) {
          names.add(backup.name());
        }
      }
    }
    return names.stream().sorted().toList();
  }

  /** What was to be done is done, and nothing else: nothing is lost, and nothing is there twice. */
  void assertDone(InterruptedBackupKind kind) {
    List<String> after = new ArrayList<>(before);
    switch (kind) {
      case TAKE, PROTECT, SET_POLICY -> after.add(TAKEN);
      case COPY -> after.add(COPIED);
      case RESTORE, MOMENT -> after.add(InterruptedBackupKind.RESTORED);
      case DELETE -> after.remove(TAKEN);
      case DELETE_KEEPING -> after.remove(InterruptedBackupKind.DELETED);
      case REPLICATE, END_REPLICATION -> {}
    }
    assertThat(names()).containsExactlyInAnyOrderElementsOf(after);
    switch (kind) {
      case TAKE -> isAvailable(cloud, TAKEN);
      case PROTECT, SET_POLICY -> {
        isAvailable(cloud, TAKEN);
        Eventually.holds("the policy is in force", limit, () -> isOf(withPolicy()));
      }
      case COPY -> isAvailable(away(), COPIED);
      case RESTORE, MOMENT -> isRestored(kind);
      case DELETE -> assertThat(BackupCases.find(cloud, TAKEN)).isEmpty();
      case REPLICATE -> isKeptThere(kit.farReplication());
      case END_REPLICATION ->
          assertThatThrownBy(() -> away().backups().window(orders().id()))
              .isInstanceOf(NotFoundException.class);
      case DELETE_KEEPING -> {
        assertThat(cloud.backups().window(whatIsDeleted()).instanceDeleted()).isTrue();
        BackupQuery automatic = BackupQuery.of(whatIsDeleted()).origin(Backup.Origin.AUTOMATIC);
        assertThat(cloud.backups().list(automatic).stream()).as("its backups").isNotEmpty();
      }
    }
  }

  private InstanceSpec withPolicy() {
    return spec(InterruptedBackupKind.ORDERS).toBuilder()
        .backups(InterruptedBackupKind.POLICY)
        .build();
  }

  private void isRestored(InterruptedBackupKind kind) {
    Instance restored = cloud.instances().get(InterruptedBackupKind.RESTORED);
    assertThat(restored.state()).isEqualTo(InstanceState.AVAILABLE);
    try {
      assertThat(WrittenRows.last(connection(restored))).isEqualTo(ROWS);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    RestoredInstance.isAsAsked(
        kit, cloud, restore(kind), spec(restored.name()), CloudContract.RestoredFrom.HERE);
  }

  private void isKeptThere(BackupReplicationSpec spec) {
    awaitRestorable(away(), orders().id(), clock.instant());
    BackupReplicationSpec kept = kit.replication(away(), orders().id());
    spec.encryptionKey().ifPresent(key -> assertThat(kept.encryptionKey()).contains(key));
    spec.retentionDays().ifPresent(days -> assertThat(kept.retentionDays()).contains(days));
  }

  private void isAvailable(CloudDb where, String name) {
    assertThat(BackupCases.find(where, name)).map(Backup::state).contains(Backup.State.AVAILABLE);
  }

  /** Nothing is lost; what a failed operation was to make is not there, or the error names it. */
  void assertNotDone(InterruptedBackupKind kind, Optional<String> leftBehind) {
    assertThat(names()).containsAll(before);
    assertThat(names())
        .allMatch(
            name ->
                before.contains(name)
                    || leftBehind.filter(text -> text.contains(name)).isPresent());
    isAvailable(cloud, BEFORE);
    assertThat(cloud.instances().get(InterruptedBackupKind.ORDERS).state())
        .isEqualTo(InstanceState.AVAILABLE);
    if (kind == InterruptedBackupKind.END_REPLICATION) {
      assertThat(isReplicated()).as("it is kept there still").isTrue();
    }
    if (kind == InterruptedBackupKind.PROTECT || kind == InterruptedBackupKind.SET_POLICY) {
      boolean said = leftBehind.filter(text -> text.contains("policy")).isPresent();
      InstanceSpec holds = said ? withPolicy() : spec(InterruptedBackupKind.ORDERS);
      assertThat(isOf(holds)).as("the policy is in force where the error says so").isTrue();
    }
    if (kind == InterruptedBackupKind.REPLICATE && leftBehind.isEmpty()) {
      assertThat(isReplicated()).as("something is kept there that nobody named").isFalse();
    }
  }

  /** Deletes what was made. */
  void removeAll() {
    Instance found = orders;
    if (found == null) {
      return;
    }
    removeInstance(InterruptedBackupKind.RESTORED);
    removeInstance(InterruptedBackupKind.DELETED);
    if (has(BackupField.REPLICATION)) {
      endReplication();
    }
    if (has(BackupField.COPY)) {
      remove(away(), COPIED);
    }
    remove(cloud, TAKEN);
    remove(cloud, BEFORE);
    cloud.instances().delete(found.id()).await(limit);
    orders = null;
  }
}
