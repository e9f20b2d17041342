/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.DataSize;
import io.clouddb.aws.RdsTestCloud;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.MaintenanceWindow;
import io.clouddb.instance.Storage;
import io.clouddb.plan.Drift;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.MasterUserSecret;

/** What RDS shows in another form than it is asked for, or does not show. */
class RdsFieldsTest {
  private static final String KEY =
      "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";

  private static InstanceSpec.Builder spec() {
    return RdsTestCloud.spec("shown");
  }

  private static Optional<Drift.Difference> difference(
      InstanceSpec.Builder spec, InstanceField field, Consumer<DBInstance.Builder> shown) {
    DBInstance.Builder instance = DBInstance.builder();
    shown.accept(instance);
    Drift drift =
        new RdsFields("aws").drift(new InstanceAsItIs(instance.build(), Map.of()), spec.build());
    return java.util.stream.Stream.concat(drift.differences().stream(), drift.unknown().stream())
        .filter(each -> each.field() == field)
        .findFirst();
  }

  private static Optional<Drift.Difference> key(String wanted, String shown) {
    return difference(
        spec().storage(Storage.ssd(DataSize.gib(20)).encryptedWith(wanted)),
        InstanceField.ENCRYPTION_KEY,
        instance -> instance.kmsKeyId(shown));
  }

  @Test
  void aKeyIsKnownByItsArnAndByItsId() {
    assertThat(key(KEY, KEY)).isEmpty();
    assertThat(key("1234abcd-12ab-34cd-56ef-1234567890ab", KEY)).isEmpty();
    assertThat(key("1234abcd-12ab-34cd-56ef-000000000000", KEY).orElseThrow().state())
        .isEqualTo(Drift.State.DIFFERENT);
    assertThat(key("alias/shop", KEY).orElseThrow().state())
        .as("which key an alias means, KMS tells only")
        .isEqualTo(Drift.State.UNKNOWN);
  }

  @Test
  void aMinorVersionFulfilsItsMajorOne() {
    assertThat(
            difference(
                spec(), InstanceField.ENGINE_VERSION, instance -> instance.engineVersion("16.4")))
        .isEmpty();
    assertThat(
            difference(
                spec(), InstanceField.ENGINE_VERSION, instance -> instance.engineVersion("17.1")))
        .isPresent();
    assertThat(
            difference(
                spec(), InstanceField.ENGINE_VERSION, instance -> instance.engineVersion("160.1")))
        .isPresent();
  }

  @Test
  void aDiskThatIsToGrowMayHaveGrown() {
    InstanceSpec.Builder growing =
        spec().storage(Storage.ssd(DataSize.gib(50)).growingTo(DataSize.gib(200)));
    assertThat(difference(growing, InstanceField.STORAGE_SIZE, i -> i.allocatedStorage(80)))
        .isEmpty();
    assertThat(difference(growing, InstanceField.STORAGE_SIZE, i -> i.allocatedStorage(40)))
        .isPresent();
    assertThat(difference(growing, InstanceField.STORAGE_GROWTH_LIMIT, i -> {}))
        .hasValueSatisfying(it -> assertThat(it.actual()).isEqualTo("none"));
    InstanceSpec.Builder anyhow = spec().storage(Storage.ssd(DataSize.gib(50)).growing());
    assertThat(difference(anyhow, InstanceField.STORAGE_GROWTH, i -> i.maxAllocatedStorage(65_536)))
        .isEmpty();
    assertThat(difference(anyhow, InstanceField.STORAGE_GROWTH, i -> i.maxAllocatedStorage(100)))
        .isPresent();
  }

  @Test
  void aPasswordThatRdsMakesIsNotTheCallers() {
    Consumer<DBInstance.Builder> managed =
        instance ->
            instance
                .masterUsername("app_admin")
                .masterUserSecret(MasterUserSecret.builder().secretArn("arn").build());
    assertThat(difference(spec(), InstanceField.ADMIN_LOGIN, managed).orElseThrow().state())
        .isEqualTo(Drift.State.DIFFERENT);
    InstanceSpec.Builder wanted = spec().admin(AdminLogin.managed("app_admin"));
    assertThat(difference(wanted, InstanceField.ADMIN_MANAGED_PASSWORD, managed)).isEmpty();
    assertThat(
            difference(
                wanted,
                InstanceField.ADMIN_MANAGED_PASSWORD,
                instance -> instance.masterUsername("app_admin")))
        .hasValueSatisfying(it -> assertThat(it.actual()).isEqualTo("false, for app_admin"));
  }

  @Test
  void aWindowThatIsLeftToRdsIsNoDrift() {
    InstanceSpec.Builder overlapping =
        spec()
            .backups(BackupPolicy.daily(LocalTime.of(3, 45)).lasting(Duration.ofMinutes(40)))
            .maintenance(MaintenanceWindow.weekly(DayOfWeek.SUNDAY, LocalTime.of(4, 0)))
            .preferring(InstanceField.BACKUP_WINDOW, InstanceField.BACKUP_WINDOW_LENGTH);
    for (InstanceField field :
        new InstanceField[] {InstanceField.BACKUP_WINDOW, InstanceField.BACKUP_WINDOW_LENGTH}) {
      assertThat(difference(overlapping, field, i -> i.preferredBackupWindow("13:00-13:30")))
          .isEmpty();
    }
  }

  @Test
  void windowsHaveALength() {
    assertThat(Windows.length("23:45-00:15")).hasValue(Duration.ofMinutes(30));
    assertThat(Windows.length("sat:23:30-sun:00:30")).hasValue(Duration.ofHours(1));
    assertThat(Windows.length("sun:23:30-mon:01:30")).hasValue(Duration.ofHours(2));
    assertThat(Windows.length("sometime")).isEmpty();
    assertThat(Windows.length("03:00")).isEmpty();
  }

  @Test
  void whatRdsDoesNotShowIsNotKnown() {
    for (InstanceField field :
        new InstanceField[] {
          InstanceField.NAME,
          InstanceField.ENGINE,
          InstanceField.ENGINE_VERSION,
          InstanceField.SIZE,
          InstanceField.STORAGE_TYPE,
          InstanceField.STORAGE_SIZE,
          InstanceField.AVAILABILITY,
          InstanceField.DATABASE,
          InstanceField.TLS
        }) {
      assertThat(difference(spec(), field, instance -> {}).orElseThrow().state())
          .as("%s", field)
          .isEqualTo(Drift.State.UNKNOWN);
    }
  }
}
