/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.ResourceId;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceField;
import io.clouddb.plan.Field;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BackupSpecTest {
  private static final ResourceId ORDERS =
      ResourceId.of("recording", "one", "here", "instance", "orders");
  private static final ResourceId BACKUP =
      ResourceId.of("recording", "one", "there", "backup", "orders-1");

  private static final BackupSpec WHOLE =
      BackupSpec.named("before-release")
          .of(BACKUP, "here")
          .encryptionKey("key-2")
          .sharedWith("other-account")
          .exportedTo("store://exports")
          .tag("why", "release")
          .preferring(BackupField.TAGS);

  @Test
  void isWrittenAndReadAsJson() {
    assertThat(BackupSpec.fromJson(WHOLE.toJson())).isEqualTo(WHOLE).hasSameHashCodeAs(WHOLE);
    BackupSpec small = BackupSpec.named("before-release");
    assertThat(BackupSpec.fromJson(small.toJson())).isEqualTo(small).isNotEqualTo(WHOLE);
    assertThatThrownBy(() -> BackupSpec.fromJson("{\"schemaVersion\":1,\"name\":\"a\",\"x\":1}"))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("there is no field 'x'");
  }

  @Test
  void asksForWhatIsSetOnly() {
    assertThat(BackupSpec.named("before-release").values())
        .containsOnly(Map.entry(BackupField.NAME, "before-release"));
    assertThat(BackupSpec.named("before-release").of(ORDERS, "here").values())
        .containsOnly(
            Map.entry(BackupField.NAME, "before-release"), Map.entry(BackupField.TAKE, ORDERS));
    assertThat(WHOLE.values())
        .containsOnly(
            Map.entry(BackupField.NAME, "before-release"),
            Map.entry(BackupField.COPY, BACKUP),
            Map.entry(BackupField.OTHER_REGION, "there"),
            Map.entry(BackupField.ENCRYPTION_KEY, "key-2"),
            Map.entry(BackupField.SHARING, "other-account"),
            Map.entry(BackupField.EXPORT, "store://exports"),
            Map.entry(BackupField.TAGS, Map.of("why", "release")));
    assertThat(WHOLE.preferring()).containsExactly(BackupField.TAGS);
    assertThat(WHOLE.withoutSecrets()).isSameAs(WHOLE);
  }

  @Test
  void allThatIsWrongIsReportedAtOnce() {
    BackupSpec wrong =
        BackupSpec.named("-Bad-")
            .encryptionKey(" ")
            .sharedWith("a\0")
            .exportedTo("")
            .tag("clouddb-x", "y");
    assertThatThrownBy(wrong::checked)
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContainingAll(
            "'-Bad-'",
            "the key is empty",
            "the account to share with",
            "the place of the export is empty",
            "'clouddb-x'");
    assertThat(WHOLE.checked()).isSameAs(WHOLE);
  }

  @Test
  void aBackupByHandIsNamedAndTaggedAfterItsTime() {
    BackupSpec manual = BackupSpec.manual("orders", Instant.parse("2026-11-29T21:06:54.123Z"));
    assertThat(manual.name()).isEqualTo("orders-manual-20261129-210654");
    assertThat(manual.tags())
        .containsOnly(
            Map.entry("Type", "Manual"), Map.entry("CreatedDate", "2026-11-29T21:06:54Z"));
    assertThat(manual.checked()).isSameAs(manual);
    BackupSpec longest = BackupSpec.manual("a".repeat(63), Instant.EPOCH);
    assertThat(longest.checked()).isSameAs(longest);
    assertThatThrownBy(BackupSpec.named("a".repeat(101))::checked)
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("3 to 100 lower case letters");
    assertThatThrownBy(BackupSpec.named("ab")::checked).hasMessageContaining("3 to 100");
  }

  @Test
  void protectionAsksForAPolicyAndABackup() {
    BackupPolicy policy =
        BackupPolicy.daily(LocalTime.of(3, 0)).lasting(Duration.ofHours(1)).retainDays(30);
    Protection both = Protection.of(policy, BackupSpec.named("by-hand").of(ORDERS, "here"));
    assertThat(both.change().backups()).contains(policy);
    assertThat(both.values().keySet())
        .extracting(Field::id)
        .containsExactly(
            "backups", "backup-window", "backup-window-length", "backup-retention", "name", "take");
    assertThat(Protection.fromJson(both.toJson())).isEqualTo(both).hasSameHashCodeAs(both);
    assertThat(both.withoutSecrets()).isSameAs(both);
    assertThat(both.toString()).contains("start=03:00", "retentionDays=30", "'by-hand'");
  }

  @Test
  void whatAProtectionPrefersArrivesAtItsParts() {
    Protection strict =
        Protection.of(
            BackupPolicy.daily(LocalTime.of(3, 0)),
            BackupSpec.named("by-hand").preferring(BackupField.ENCRYPTION_KEY));
    Protection lenient =
        strict
            .preferring(InstanceField.BACKUP_WINDOW, BackupField.TAGS)
            .preferring(InstanceField.POINT_IN_TIME);
    assertThat(lenient.change().preferring())
        .containsExactly(InstanceField.BACKUP_WINDOW, InstanceField.POINT_IN_TIME);
    assertThat(lenient.backup().preferring())
        .containsExactly(BackupField.ENCRYPTION_KEY, BackupField.TAGS);
    assertThat(lenient.preferring())
        .containsExactlyInAnyOrder(
            InstanceField.BACKUP_WINDOW,
            InstanceField.POINT_IN_TIME,
            BackupField.ENCRYPTION_KEY,
            BackupField.TAGS);
    assertThat(Protection.fromJson(lenient.toJson())).isEqualTo(lenient).isNotEqualTo(strict);
    // The other part stays as it is where one is set anew.
    assertThat(lenient.with(BackupSpec.named("again")).change()).isEqualTo(lenient.change());
  }

  @Test
  void aProtectionPrefersNothingOfAnInstanceButItsPolicy() {
    Protection both =
        Protection.of(BackupPolicy.daily(), BackupSpec.named("by-hand").tag("a", "b"));
    assertThatThrownBy(() -> both.preferring(InstanceField.TAGS, RestoreField.SIZE))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContainingAll(
            "preferring(TAGS) names a field of InstanceField", "a field of RestoreField");
  }

  @Test
  void everyFieldOfAPolicyMayBePreferred() {
    BackupPolicy whole =
        BackupPolicy.daily(LocalTime.of(3, 0))
            .lasting(Duration.ofHours(1))
            .retainDays(30)
            .withPointInTime()
            .retainLogDays(7)
            .storedIn("place")
            .geoRedundant(true);
    Protection both = Protection.of(whole, BackupSpec.named("by-hand"));
    Field[] all = both.change().values().keySet().toArray(Field[]::new);
    assertThat(both.preferring(all).preferring()).containsExactlyInAnyOrder(all);
  }

  @Test
  void replicationAsksForWhatIsSetOnly() {
    BackupReplicationSpec whole =
        BackupReplicationSpec.replicated().of(ORDERS).retainDays(14).encryptionKey("key-2");
    assertThat(whole.values())
        .containsOnly(
            Map.entry(BackupField.REPLICATION, ORDERS),
            Map.entry(BackupField.REPLICATION_RETENTION, 14),
            Map.entry(BackupField.REPLICATION_KEY, "key-2"));
    assertThat(BackupReplicationSpec.fromJson(whole.toJson())).isEqualTo(whole);
    assertThat(BackupReplicationSpec.replicated().values()).isEmpty();
    assertThat(whole.checked()).isSameAs(whole);
    assertThatThrownBy(() -> whole.retainDays(0).encryptionKey("").checked())
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContainingAll("1 to 3650 days, not 0", "the key is empty");
  }

  @Test
  void aPolicySaysWhatItMayDiscard() {
    BackupPolicy policy = BackupPolicy.daily().retainDays(1);
    assertThat(policy.isDiscarding()).isFalse();
    assertThat(policy.discarding().isDiscarding()).isTrue();
    assertThat(policy.discarding()).isNotEqualTo(policy);
    assertThat(BackupPolicy.none()).hasToString("BackupPolicy none");
    assertThat(policy.discarding())
        .hasToString("BackupPolicy daily {retentionDays=1, discarding=true}");
    BackupPolicy whole =
        BackupPolicy.daily(LocalTime.of(3, 0))
            .lasting(Duration.ofHours(1))
            .retainDays(30)
            .withPointInTime()
            .retainLogDays(5)
            .storedIn("eu")
            .geoRedundant(false)
            .discarding();
    InstanceChange change = InstanceChange.builder().backups(whole).build();
    assertThat(InstanceChange.fromJson(change.toJson()).backups()).contains(whole);
  }
}
