/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.backup.Backup.Origin;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.error.NotFoundException;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceField;
import io.clouddb.plan.Plan;
import io.clouddb.security.SecretRef;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the facade does of itself, whatever the cloud. */
class BackupsTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final ResourceId ORDERS = id("here", "instance", "orders");

  private final BackupsProvider provider = new BackupsProvider();
  private final CloudDb cloud =
      CloudDb.open(CloudConfig.builder("backups", "here").providerObject(provider).build());
  private final Backups backups = cloud.backups();

  @AfterEach
  void close() {
    cloud.close();
  }

  private static ResourceId id(String location, String kind, String name) {
    return ResourceId.of("backups", "one", location, kind, name);
  }

  @Test
  void whatIsTakenIsFoundListedAndDeleted() {
    Backup taken =
        backups.take(ORDERS, BackupSpec.named("before-release").tag("a", "b")).await(LIMIT);
    assertThat(taken.instance()).contains(ORDERS);
    assertThat(taken.name()).isEqualTo("before-release");
    assertThat(backups.find(ORDERS, "before-release")).contains(taken);
    assertThat(backups.get(taken.id())).isEqualTo(taken);
    assertThat(backups.list(BackupQuery.of(ORDERS).tag("a", "b"))).containsExactly(taken);
    assertThat(backups.delete(taken.id()).await(LIMIT)).isEqualTo(taken.id());
    assertThat(backups.find(ORDERS, "before-release")).isEmpty();
    assertThatThrownBy(() -> backups.get(taken.id()))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("orders/before-release");
  }

  @Test
  void anotherInstancesBackupOfThatNameIsNotFound() {
    provider.oneNameForAll = true;
    Backup taken = backups.take(ORDERS, BackupSpec.named("before-release")).await(LIMIT);
    assertThat(backups.find(ORDERS, "before-release")).contains(taken);
    assertThat(backups.find(id("here", "instance", "customers"), "before-release")).isEmpty();
  }

  @Test
  void aListIsReadPageByPage() {
    for (int i = 1; i <= 5; i++) {
      backups.take(ORDERS, BackupSpec.named("number-" + i)).await(LIMIT);
    }
    assertThat(backups.list(BackupQuery.all())).extracting(Backup::name).hasSize(5);
    String second = backups.list(BackupQuery.all()).pages().iterator().next().next().orElseThrow();
    assertThat(backups.list(BackupQuery.all(), second))
        .extracting(Backup::name)
        .containsExactly("number-3", "number-4", "number-5");
  }

  @Test
  void whatIsRefusedIsRefusedBeforeAnythingHappened() {
    BackupSpec shared = BackupSpec.named("before-release").sharedWith("two");
    assertThatThrownBy(() -> backups.take(ORDERS, shared))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("sharing");
    assertThatThrownBy(() -> backups.protect(ORDERS, Protection.of(BackupPolicy.daily(), shared)))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("sharing");
    assertThatThrownBy(
            () ->
                backups.protect(
                    ORDERS, Protection.of(BackupPolicy.none(), BackupSpec.named("by-hand"))))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("backups");
    assertThatThrownBy(() -> backups.take(ORDERS, BackupSpec.named("-Bad-")))
        .isInstanceOf(InvalidArgumentException.class);
    assertThatThrownBy(() -> backups.restore(RestoreSpec.of(ORDERS).named("orders-2")))
        .isInstanceOf(InvalidArgumentException.class);
    assertThat(provider.requests).isEmpty();
  }

  @Test
  void idsOfAnotherPlaceOrKindAreRefused() {
    ResourceId backup = id("here", "backup", "orders/x");
    ResourceId far = id("there", "instance", "orders");
    ResourceId other = ResourceId.of("backups", "two", "here", "backup", "orders/x");
    BackupSpec spec = BackupSpec.named("before-release");
    assertThatThrownBy(() -> backups.take(far, spec)).hasMessageContaining("there");
    assertThatThrownBy(() -> backups.take(backup, spec)).hasMessageContaining("the kind backup");
    assertThatThrownBy(() -> backups.delete(ORDERS)).hasMessageContaining("the kind instance");
    assertThatThrownBy(() -> backups.delete(other)).hasMessageContaining("the account two");
    assertThatThrownBy(() -> backups.copy(other, spec)).hasMessageContaining("account");
    assertThatThrownBy(() -> backups.copy(ORDERS, spec)).hasMessageContaining("no backup");
    assertThatThrownBy(() -> backups.restore(RestoreSpec.from(other).named("orders-2")))
        .hasMessageContaining("account");
    assertThatThrownBy(() -> backups.window(backup)).hasMessageContaining("no instance");
    assertThatThrownBy(() -> backups.replicate(backup, BackupReplicationSpec.replicated()))
        .hasMessageContaining("no instance");
    assertThatThrownBy(() -> backups.endReplication(backup)).hasMessageContaining("no instance");
    assertThat(provider.requests).isEmpty();
  }

  @Test
  void aRestoreMakesAnInstanceThatKnowsTheLoginOfItsSource() {
    Backup taken = backups.take(ORDERS, BackupSpec.named("before-release")).await(LIMIT);
    AdminLogin login = AdminLogin.of("app", SecretRef.literal("x"));
    Instance restored =
        backups.restore(RestoreSpec.from(taken).named("orders-2").login(login)).await(LIMIT);
    assertThat(restored.id()).isEqualTo(id("here", "instance", "orders-2"));
    assertThat(restored.connection().user()).isEqualTo("app");
    Instance other =
        backups.restore(RestoreSpec.of(ORDERS).at(Instant.EPOCH).named("orders-3")).await(LIMIT);
    assertThat(other.admin()).isEmpty();
  }

  @Test
  void whoGoesOnByATokenKnowsTheLoginToo() {
    SecretRef place = SecretRef.environment("PW");
    RestoreSpec spec =
        RestoreSpec.of(ORDERS).latest().named("orders-2").login(AdminLogin.of("app", place));
    String unsealed = backups.restore(spec).token();
    assertThat(cloud.operations().resume(unsealed, Instance.class).await(LIMIT).admin())
        .contains(AdminLogin.named("app"));
    CloudConfig sealing =
        CloudConfig.builder("backups", "here")
            .providerObject(provider)
            .tokenKey(SecretRef.literal("0123456789abcdef0123456789abcdef"))
            .build();
    try (CloudDb other = CloudDb.open(sealing)) {
      String token = other.backups().restore(spec).token();
      assertThat(other.operations().resume(token, Instance.class).await(LIMIT).admin())
          .contains(AdminLogin.of("app", place));
    }
  }

  @Test
  void aSpecOfAnotherPlaceOrSourceIsNotBentToThisOne() {
    ResourceId customers = id("here", "instance", "customers");
    RestoreSpec far = RestoreSpec.of(ORDERS).latest().named("orders-2").in("there");
    assertThatThrownBy(() -> backups.restore(far))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("for there");
    BackupSpec of = BackupSpec.named("before-release").of(customers, "here");
    assertThatThrownBy(() -> backups.take(ORDERS, of))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("customers");
    BackupReplicationSpec replicated = BackupReplicationSpec.replicated().of(customers);
    assertThatThrownBy(() -> backups.replicate(ORDERS, replicated))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("customers");
    assertThat(provider.requests).isEmpty();
  }

  @Test
  void aPlanOfAPolicyAndABackupHasTheFieldsOfBoth() {
    Plan plan =
        backups.plan(
            ORDERS,
            Protection.of(BackupPolicy.daily().retainDays(30), BackupSpec.named("by-hand")));
    assertThat(plan.entries())
        .extracting(entry -> entry.field().id())
        .containsExactly("backups", "backup-retention", "name", "take");
    ProtectedInstance both =
        backups
            .protect(
                ORDERS,
                Protection.of(BackupPolicy.daily().retainDays(30), BackupSpec.named("by-hand")))
            .await(LIMIT);
    assertThat(both.instance().id()).isEqualTo(ORDERS);
    assertThat(both.backup().name()).isEqualTo("by-hand");
    assertThat(both.pending())
        .extracting(pending -> pending.field().id())
        .containsExactly("backup-retention");
  }

  @Test
  void whatIsPreferredOfAPolicyAndOfABackupMayBeAdjusted() {
    provider.otherwise = Set.of(InstanceField.BACKUP_WINDOW, BackupField.TAGS);
    Protection strict =
        Protection.of(
            BackupPolicy.daily(LocalTime.of(3, 0)), BackupSpec.named("by-hand").tag("a", "b"));
    assertThatThrownBy(() -> backups.protect(ORDERS, strict))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContainingAll("preferring(BACKUP_WINDOW)", "preferring(TAGS)");
    assertThat(provider.requests).isEmpty();
    Protection lenient = strict.preferring(InstanceField.BACKUP_WINDOW, BackupField.TAGS);
    assertThat(backups.plan(ORDERS, lenient).entries(Plan.Outcome.ADJUSTED))
        .extracting(Plan.Entry::field)
        .containsExactly(InstanceField.BACKUP_WINDOW, BackupField.TAGS);
    assertThat(backups.protect(ORDERS, lenient).await(LIMIT).backup().name()).isEqualTo("by-hand");
  }

  @Test
  void aPlanOfARestoreSaysWhatIsTakenFromTheSource() {
    Plan plan = backups.plan(RestoreSpec.of(ORDERS).latest().named("orders-2"));
    assertThat(plan.inherited()).extracting(taken -> taken.field().id()).containsExactly("engine");
    assertThat(plan.toString()).contains("engine as the source: the backup's");
  }

  @Test
  void aCopyAndAReplicationAreAskedOfTheRegionThatGetsThem() {
    Backup taken = backups.take(ORDERS, BackupSpec.named("before-release")).await(LIMIT);
    CloudDb there = cloud.in("there");
    Backup copy = there.backups().copy(taken.id(), BackupSpec.named("far")).await(LIMIT);
    assertThat(copy.id().location()).isEqualTo("there");
    assertThat(there.backups().plan(taken.id(), BackupSpec.named("far")).entries())
        .extracting(entry -> entry.field().id())
        .containsExactly("name", "copy", "other-region");
    RestorableWindow window =
        there
            .backups()
            .replicate(ORDERS, BackupReplicationSpec.replicated().retainDays(7))
            .await(LIMIT);
    assertThat(window.instance()).isEqualTo(ORDERS);
    assertThat(there.backups().window(ORDERS)).isEqualTo(window);
    assertThat(there.backups().endReplication(ORDERS).await(LIMIT).kind())
        .isEqualTo(Backups.REPLICATION_KIND);
    assertThatThrownBy(() -> there.backups().window(ORDERS))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("nor anything that it left");
  }

  @Test
  void aQueryTellsWhatItAsksFor() {
    Instant noon = Instant.parse("2026-01-01T12:00:00Z");
    Backup backup =
        Backup.builder(
                id("here", "backup", "x"), "x", Origin.MANUAL, Backup.State.AVAILABLE, "available")
            .instance(ORDERS)
            .takenAt(noon)
            .tags(Map.of("a", "b", "c", "d"))
            .build();
    assertThat(
            List.of(
                BackupQuery.all(),
                BackupQuery.of(ORDERS),
                BackupQuery.all().origin(Origin.MANUAL),
                BackupQuery.all().takenFrom(noon),
                BackupQuery.all().takenBefore(noon.plusSeconds(1)),
                BackupQuery.all().tag("a", "b")))
        .allMatch(query -> query.matches(backup));
    assertThat(
            List.of(
                BackupQuery.of(id("here", "instance", "customers")),
                BackupQuery.of(ORDERS).origin(Origin.COPY),
                BackupQuery.all().takenFrom(noon.plusSeconds(1)),
                BackupQuery.all().takenBefore(noon),
                BackupQuery.all().tag("a", "b").tag("c", "e")))
        .noneMatch(query -> query.matches(backup));
    Backup unfinished =
        Backup.builder(
                id("here", "backup", "y"), "y", Origin.MANUAL, Backup.State.CREATING, "creating")
            .build();
    assertThat(BackupQuery.all().matches(unfinished)).isTrue();
    assertThat(BackupQuery.all().takenFrom(noon).matches(unfinished)).isFalse();
    assertThat(BackupQuery.all().takenBefore(noon).matches(unfinished)).isFalse();
    assertThat(BackupQuery.of(ORDERS).matches(unfinished)).isFalse();
  }

  @Test
  void aWindowEndsWhereTheCloudTells() {
    Instant noon = Instant.parse("2026-01-01T12:00:00Z");
    RestorableWindow window = new RestorableWindow(ORDERS, noon, noon.plusSeconds(60), false);
    assertThat(window.contains(noon)).isTrue();
    assertThat(window.contains(noon.plusSeconds(60))).isTrue();
    assertThat(window.contains(noon.minusNanos(1))).isFalse();
    assertThat(window.contains(noon.plusSeconds(61))).isFalse();
    assertThat(new RestorableWindow(ORDERS, noon, null, false).contains(noon)).isTrue();
    assertThat(new RestorableWindow(ORDERS, null, noon, false).contains(noon)).isTrue();
    assertThat(new RestorableWindow(ORDERS, null, null, true).contains(noon)).isFalse();
    assertThat(new RestorableWindow(ORDERS, null, null, true))
        .hasToString("RestorableWindow of orders from unknown to unknown, which was deleted");
  }

  @Test
  void aCloudWithoutBackupsSaysSo() {
    provider.without = true;
    assertThatThrownBy(() -> backups.take(ORDERS, BackupSpec.named("before-release")))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("backups has no backups");
  }
}
