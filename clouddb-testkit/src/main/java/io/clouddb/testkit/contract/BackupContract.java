/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudDb;
import io.clouddb.Page;
import io.clouddb.ResourceId;
import io.clouddb.backup.Backup;
import io.clouddb.backup.BackupField;
import io.clouddb.backup.BackupQuery;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.Backups;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.error.NotFoundException;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Instance;
import io.clouddb.operation.Operation;
import io.clouddb.plan.Plan;
import io.clouddb.security.SecretRef;
import io.clouddb.testkit.contract.internal.Eventually;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Backups by hand: taken once, found again, listed by what is asked, and deleted. */
abstract class BackupContract extends BackupCases {
  private static final SecretRef TOKEN_KEY = SecretRef.literal("a-key-for-tests-0123456789");

  BackupContract(CloudContract kit) {
    super(kit);
  }

  private List<ResourceId> ids(BackupQuery query) {
    return cloud().backups().list(query).stream().map(Backup::id).toList();
  }

  private Optional<Backup> find(String name) {
    return cloud().backups().find(orders().id(), name);
  }

  @Test
  void isTakenFoundAgainAndDeleted() {
    Instance orders = orders();
    Instant before = now();
    Backup taken = take(orders);
    assertThat(taken.state()).isEqualTo(Backup.State.AVAILABLE);
    assertThat(taken.origin()).isEqualTo(Backup.Origin.MANUAL);
    assertThat(taken.instance()).contains(orders.id());
    assertThat(taken.engine()).contains(Engine.POSTGRESQL);
    assertThat(taken.engineVersion().orElseThrow()).startsWith(firstPart(orders.engineVersion()));
    assertThat(taken.takenAt().orElseThrow()).isBetween(before, clock().instant());
    assertThat(taken.id().kind()).isEqualTo(Backups.KIND);
    assertThat(taken.id().location()).isEqualTo(orders.id().location());
    assertThat(taken.id().nativeId()).isPresent();
    assertThat(ResourceId.parse(taken.id().toString())).isEqualTo(taken.id());

    assertThat(find(taken.name())).contains(taken);
    assertThat(cloud().backups().get(taken.id())).isEqualTo(taken);
    assertThat(ids(BackupQuery.of(orders.id()))).contains(taken.id());

    assertThat(cloud().backups().delete(taken.id()).await(kit().limit())).isEqualTo(taken.id());
    assertThat(find(taken.name())).isEmpty();
    assertThat(ids(BackupQuery.of(orders.id()))).doesNotContain(taken.id());
    assertThatThrownBy(() -> cloud().backups().delete(taken.id()).await(kit().limit()))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining(taken.name());
  }

  private static String firstPart(String version) {
    return version.split("[.]", 2)[0];
  }

  @Test
  void aListIsOfWhatIsAskedForAndGoesOnFromAPageToken() {
    Instance orders = orders();
    Backup first = take(orders);
    pastThe(first);
    Backup second = take(orders);
    BackupQuery all = BackupQuery.of(orders.id());
    Instant between = second.takenAt().orElseThrow();
    assertThat(ids(all.origin(Backup.Origin.MANUAL))).contains(first.id(), second.id());
    assertThat(ids(all.origin(Backup.Origin.AUTOMATIC))).doesNotContain(first.id(), second.id());
    assertThat(ids(all.takenFrom(between))).contains(second.id()).doesNotContain(first.id());
    assertThat(ids(all.takenBefore(between))).contains(first.id()).doesNotContain(second.id());
    assertThat(ids(BackupQuery.all())).contains(first.id(), second.id());
    assertThat(ids(BackupQuery.of(idOf(freshName())))).isEmpty();

    List<ResourceId> paged = new ArrayList<>();
    String token = null;
    int pages = 0;
    do {
      pages++;
      Page<Backup> page = cloud().backups().list(all, token).pages().iterator().next();
      page.items().forEach(backup -> paged.add(backup.id()));
      token = page.nextToken();
    } while (token != null);
    assertThat(paged).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(ids(all));
    kit().sawPagesOfTwo(pages);
  }

  /** What is taken from now on is of a later second. */
  private void pastThe(Backup backup) {
    Instant next = backup.takenAt().orElseThrow().plusSeconds(1);
    Eventually.holds("it is " + next, kit().limit(), () -> clock().instant().isAfter(next));
  }

  @Test
  void aListIsOfTheTagsThatAreAskedFor() {
    BackupSpec tagged = BackupSpec.named(newBackupName(cloud())).tag("round", "two");
    if (!cloud().backups().plan(orders().id(), tagged).feasible()) {
      // BackupFeatures has shown that tags are refused, and why.
      return;
    }
    Backup other = take(orders());
    Backup found = cloud().backups().take(orders().id(), tagged).await(kit().limit());
    assertThat(found.tags()).containsEntry("round", "two").hasSize(1);
    assertThat(ids(BackupQuery.of(orders().id()).tag("round", "two")))
        .contains(found.id())
        .doesNotContain(other.id());
  }

  @Test
  void aNameIsTakenOnce() {
    BackupSpec once = BackupSpec.named(newBackupName(cloud()));
    Operation<Backup> first = cloud().backups().take(orders().id(), once);
    Eventually.holds("it is being taken", kit().limit(), () -> find(once.name()).isPresent());
    assertThatThrownBy(() -> cloud().backups().take(orders().id(), once).await(kit().limit()))
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContaining(once.name());
    Backup taken = first.await(kit().limit());
    assertThatThrownBy(() -> cloud().backups().take(orders().id(), once).await(kit().limit()))
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContaining(once.name());
    assertThat(cloud().backups().list(BackupQuery.of(orders().id())))
        .filteredOn(backup -> backup.name().equals(once.name()))
        .containsExactly(taken);
  }

  @Test
  void whatIsNotThereIsNotFound() {
    ResourceId nobody = idOf(freshName());
    String name = freshName();
    assertThat(cloud().backups().find(orders().id(), name)).isEmpty();
    assertThat(cloud().backups().find(nobody, name)).isEmpty();
    Backup gone = take(orders());
    cloud().backups().delete(gone.id()).await(kit().limit());
    isNotFound(() -> cloud().backups().get(gone.id()), gone.name());
    isNotFound(() -> restore(restoring(RestoreSpec.from(gone))), gone.name());
    isNotFound(
        () -> cloud().backups().take(nobody, BackupSpec.named(name)).await(kit().limit()),
        nobody.name());
    isNotFound(() -> cloud().backups().window(nobody), nobody.name());
  }

  private static void isNotFound(ThrowingCallable call, String name) {
    assertThatThrownBy(call).isInstanceOf(NotFoundException.class).hasMessageContaining(name);
  }

  @Test
  void anIdOfAnotherAccountOrKindIsRefused() {
    Backup backup = take(orders());
    ResourceId foreignBackup = ofAnotherAccount(backup.id());
    ResourceId foreignOrders = ofAnotherAccount(orders().id());
    BackupSpec spec = BackupSpec.named(freshName());
    List<ThrowingCallable> calls =
        List.of(
            () -> cloud().backups().get(foreignBackup),
            () -> cloud().backups().delete(foreignBackup),
            () -> cloud().backups().restore(restoring(RestoreSpec.from(foreignBackup))),
            () -> cloud().backups().restore(restoring(RestoreSpec.of(foreignOrders).latest())),
            () -> cloud().backups().take(foreignOrders, spec),
            () -> cloud().backups().window(foreignOrders),
            () -> cloud().backups().delete(orders().id()));
    for (ThrowingCallable call : calls) {
      assertThatThrownBy(call).isInstanceOf(InvalidArgumentException.class);
    }
    assertThat(cloud().backups().get(backup.id())).isEqualTo(backup);
  }

  private static ResourceId ofAnotherAccount(ResourceId id) {
    return ResourceId.of(id.provider(), id.account() + "9", id.location(), id.kind(), id.name());
  }

  @Test
  void anOldTokenLeavesALaterBackupOfItsNameAlone() {
    BackupSpec spec = BackupSpec.named(newBackupName(cloud()));
    try (CloudDb sealing = CloudDb.open(kit().config().tokenKey(TOKEN_KEY).build())) {
      Map<String, Class<?>> tokens = new LinkedHashMap<>();
      tokens.put(tokenOf(sealing.backups().take(orders().id(), spec)), Backup.class);
      Backup early = find(spec.name()).orElseThrow();
      tokens.put(tokenOf(sealing.backups().delete(early.id())), ResourceId.class);
      Backup later = cloud().backups().take(orders().id(), spec).await(kit().limit());
      tokens.forEach(
          (token, type) -> {
            try {
              sealing.operations().resume(token, type).await(kit().limit());
            } catch (CloudDbException e) {
              assertThat(e.retryable()).as("%s", e).isFalse();
            }
            assertThat(find(spec.name())).contains(later);
          });
    }
  }

  private String tokenOf(Operation<?> operation) {
    String token = operation.token();
    operation.await(kit().limit());
    return token;
  }

  @Test
  void plansKnowEachFieldAndSayWhatARestoreTakesFromItsBackup() {
    for (BackupField field : BackupField.values()) {
      assertThat(support(field).reason())
          .as("known: %s", field)
          .doesNotContain("knows no", "Not known to", "does not know");
    }
    ResourceId orders = orders().id();
    ResourceId backup =
        ResourceId.of(
            orders.provider(), orders.account(), orders.location(), Backups.KIND, freshName());
    Plan plan = cloud().backups().plan(restoring(RestoreSpec.from(backup)));
    assertThat(plan.inherited()).as("what is taken from the backup").isNotEmpty();
    assertThat(plan.inherited())
        .allSatisfy(taken -> assertThat(taken.text()).as("%s", taken.field().id()).isNotBlank())
        .extracting(taken -> taken.field().id())
        .doesNotHaveDuplicates()
        .contains("engine-version", "admin-login");
    assertThat(plan.toString()).contains("engine-version as the source");
  }
}
