/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.backup.BackupReplicationSpec;
import io.clouddb.backup.RestorableWindow;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.NotFoundException;
import io.clouddb.instance.Instance;
import io.clouddb.operation.Operation;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DBInstanceAutomatedBackup;

/** What a former instance of a name has left is not the living one's. */
@Tag("slow")
class RestoresAndReplicationsOfNamesakesTest {
  private static final String AWAY = "eu-west-1";
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final String FAR_KEY = "arn:aws:kms:" + AWAY + ":123456789012:key/k";

  private static RdsTestCloud rds;
  private static CloudDb here;
  private static CloudDb away;

  @BeforeAll
  static void start() {
    rds = new RdsTestCloud();
    here = rds.open();
    away = here.in(AWAY);
  }

  @AfterAll
  static void stop() {
    try (var first = rds;
        var second = here) {
      // Closed by leaving.
    }
  }

  private static Instance create(String name, BackupPolicy policy) {
    return here.instances().create(RdsTestCloud.spec(name).backups(policy).build()).await(LIMIT);
  }

  private static void reached(Instance instance) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (here.backups().window(instance.id()).latest().isEmpty()) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  @Test
  void anInstanceWithoutBackupsIsNotRestoredFromWhatAFormerOneOfItsNameLeft() {
    Instance former = create("ledger", BackupPolicy.daily().retainDays(3));
    reached(former);
    var gone = here.instances().deleteKeepingBackups(former.id()).await(LIMIT);
    assertThat(gone).isEqualTo(former.id());
    Instance living = create("ledger", BackupPolicy.none());
    RestorableWindow window = here.backups().window(living.id());
    assertThat(window.latest()).isEmpty();
    assertThat(window.instanceDeleted()).isFalse();
    assertThatThrownBy(
            () ->
                here.backups()
                    .restore(RestoreSpec.of(living.id()).latest().named("ledger-2"))
                    .await(LIMIT))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("automated backups of ledger are off");
  }

  @Test
  void theEndOfAReplicationLeavesWhatIsKeptOfAFormerInstanceOfTheName() {
    BackupReplicationSpec spec =
        BackupReplicationSpec.replicated().retainDays(5).encryptionKey(FAR_KEY);
    Instance former = create("books", BackupPolicy.daily().retainDays(3));
    reached(former);
    var unused = away.backups().replicate(former.id(), spec).await(LIMIT);
    String formers = resource("books");
    var gone = here.instances().delete(former.id()).await(LIMIT);
    assertThat(gone).isEqualTo(former.id());
    assertThat(kept()).contains(formers);

    Instance living = create("books", BackupPolicy.daily().retainDays(3));
    reached(living);
    var unusedWindow = away.backups().replicate(living.id(), spec).await(LIMIT);
    var unusedEnd = away.backups().endReplication(living.id()).await(LIMIT);
    assertThat(kept()).as("all that is left of the former instance's data").contains(formers);
  }

  @Test
  void whatIsKeptElsewhereOfAFormerInstanceIsNotTheLivingOnes() {
    BackupReplicationSpec spec =
        BackupReplicationSpec.replicated().retainDays(5).encryptionKey(FAR_KEY);
    Instance former = create("papers", BackupPolicy.daily().retainDays(3));
    reached(former);
    var unused = away.backups().replicate(former.id(), spec).await(LIMIT);
    String formers = resource("papers");
    var unusedGone = here.instances().delete(former.id()).await(LIMIT);
    assertThat(away.backups().window(former.id()).instanceDeleted()).isTrue();

    Instance living = create("papers", BackupPolicy.daily().retainDays(3));
    assertThatThrownBy(() -> away.backups().window(living.id()))
        .isInstanceOf(NotFoundException.class);
    RestoreSpec restore = RestoreSpec.of(living.id()).latest().named("papers-2").in(AWAY);
    assertThatThrownBy(() -> away.backups().restore(restore).await(LIMIT))
        .isInstanceOf(ConditionFailedException.class);
    assertThatThrownBy(() -> away.backups().endReplication(living.id()).await(LIMIT))
        .isInstanceOf(NotFoundException.class);
    assertThat(kept()).contains(formers);

    var unusedLiving = here.instances().delete(living.id()).await(LIMIT);
    Instance restored = away.backups().restore(restore).await(LIMIT);
    assertThat(restored.name()).isEqualTo("papers-2");
    var unusedEnd = away.backups().endReplication(former.id()).await(LIMIT);
    assertThat(kept()).doesNotContain(formers);
  }

  @Test
  void anOldTokenEndsNoReplicationThatHasBegunSince() {
    BackupReplicationSpec spec =
        BackupReplicationSpec.replicated().retainDays(5).encryptionKey(FAR_KEY);
    Instance files = create("files", BackupPolicy.daily().retainDays(3));
    reached(files);
    var unused = away.backups().replicate(files.id(), spec).await(LIMIT);
    Operation<ResourceId> end = away.backups().endReplication(files.id());
    String token = end.token();
    ResourceId ended = end.await(LIMIT);
    assertThat(kept()).doesNotContain(resource("files"));

    var unusedAnew = away.backups().replicate(files.id(), spec).await(LIMIT);
    assertThat(away.operations().resume(token, ResourceId.class).await(LIMIT)).isEqualTo(ended);
    assertThat(kept()).contains(resource("files"));
  }

  private static String resource(String name) {
    return here.unwrap(RdsClient.class)
        .describeDBInstances(request -> request.dbInstanceIdentifier(name))
        .dbInstances()
        .get(0)
        .dbiResourceId();
  }

  private static List<String> kept() {
    return away
        .unwrap(RdsClient.class)
        .describeDBInstanceAutomatedBackups()
        .dbInstanceAutomatedBackups()
        .stream()
        .map(DBInstanceAutomatedBackup::dbiResourceId)
        .toList();
  }
}
