/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.ConditionFailedException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.ModifyDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.PendingModifiedValues;
import software.amazon.awssdk.services.rds.model.ProcessorFeature;

/** Which members wait for the maintenance window, and what they are called. */
class PendingValuesTest {
  @Test
  void everyNameIsOneOfTheRequest() {
    Set<String> members = members(ModifyDbInstanceRequest.builder().build().sdkFields());
    assertThat(members).containsAll(PendingValues.AT_ONCE);
    Set<String> pending = members(PendingModifiedValues.builder().build().sdkFields());
    assertThat(pending).containsAll(PendingValues.REQUEST_NAMES.keySet());
    for (String name : pending) {
      assertThat(members).contains(PendingValues.REQUEST_NAMES.getOrDefault(name, name));
    }
  }

  private static Set<String> members(List<SdkField<?>> fields) {
    Set<String> names = new TreeSet<>();
    fields.forEach(field -> names.add(field.memberName()));
    return names;
  }

  @Test
  void whatIsPendingIsCalledAsTheRequestHasIt() {
    DBInstance instance =
        DBInstance.builder()
            .pendingModifiedValues(
                p ->
                    p.port(5433)
                        .iamDatabaseAuthenticationEnabled(true)
                        .processorFeatures(ProcessorFeature.builder().name("coreCount").build()))
            .build();
    assertThat(PendingValues.of(instance))
        .containsExactly("DBPortNumber", "EnableIAMDatabaseAuthentication", "ProcessorFeatures");
    assertThat(PendingValues.of(DBInstance.builder().build())).isEmpty();
    assertThat(PendingValues.of(DBInstance.builder().pendingModifiedValues(p -> {}).build()))
        .isEmpty();
  }

  @Test
  void onlyBackupsThatAreTurnedOnOrOffWait() {
    DBInstance off = DBInstance.builder().backupRetentionPeriod(0).build();
    DBInstance on = DBInstance.builder().backupRetentionPeriod(7).build();
    assertThat(PendingValues.waits(retention(14), on)).isFalse();
    assertThat(PendingValues.waits(retention(0), on)).isTrue();
    assertThat(PendingValues.waits(retention(14), off)).isTrue();
    assertThat(PendingValues.waits(retention(0), off)).isFalse();
    assertThat(PendingValues.waits(retention(14), DBInstance.builder().build())).isTrue();
  }

  @Test
  void aWindowHoldsAMomentAcrossTheEndOfTheWeekToo() {
    Instant sunday = Instant.parse("2026-11-29T23:59:59Z");
    assertThat(Windows.contains("sun:23:30-mon:00:30", sunday)).isTrue();
    assertThat(Windows.contains("sun:23:30-mon:00:30", sunday.plusSeconds(1800))).isTrue();
    assertThat(Windows.contains("sun:23:30-mon:00:30", sunday.plusSeconds(1801))).isFalse();
    assertThat(Windows.contains("Sun:22:00-Sun:23:59", sunday)).isFalse();
    assertThat(Windows.contains("whenever", sunday)).isFalse();
  }

  private static final Instant NOW = Instant.parse("2026-11-29T10:30:00Z");

  /** The request; what somebody else has left pending; what is in the way of it. */
  @ParameterizedTest(name = "in the way: [{2}]")
  @MethodSource("othersLeft")
  void whatOthersPutOffIsNotAppliedWithIt(
      Consumer<ModifyDbInstanceRequest.Builder> asked,
      Consumer<PendingModifiedValues.Builder> left,
      String inTheWay) {
    ModifyDbInstanceRequest.Builder request = ModifyDbInstanceRequest.builder();
    asked.accept(request);
    DBInstance there =
        DBInstance.builder()
            .dbInstanceIdentifier("orders")
            .backupRetentionPeriod(7)
            .pendingModifiedValues(left)
            .build();
    ThrowingCallable check = () -> PendingValues.requireNoOthers(request.build(), there, NOW);
    if (inTheWay.isEmpty()) {
      assertThatNoException().isThrownBy(check);
    } else {
      assertThatThrownBy(check)
          .isInstanceOf(ConditionFailedException.class)
          .hasMessageContaining("orders has other changes that wait for its maintenance window")
          .hasMessageContaining("(" + inTheWay + ")");
    }
  }

  private static Arguments left(
      Consumer<ModifyDbInstanceRequest.Builder> asked,
      Consumer<PendingModifiedValues.Builder> left,
      String inTheWay) {
    return Arguments.of(asked, left, inTheWay);
  }

  static Stream<Arguments> othersLeft() {
    Consumer<PendingModifiedValues.Builder> larger = p -> p.dbInstanceClass("db.m7g.large");
    return Stream.of(
        left(r -> r.multiAZ(true), larger, "DBInstanceClass"),
        left(
            r -> r.multiAZ(true),
            larger.andThen(p -> p.iops(3000).multiAZ(true)),
            "DBInstanceClass, Iops"),
        left(r -> r.multiAZ(true).dbInstanceClass("db.m7g.xlarge"), larger, ""),
        left(r -> r.multiAZ(true), p -> {}, ""),
        // Said by the caller, or of what is changed at once whatever is said.
        left(r -> r.multiAZ(true).applyImmediately(true), larger, ""),
        left(r -> r.deletionProtection(true), larger, ""),
        left(r -> r.multiAZ(true), p -> p.masterUserPassword("****"), ""),
        // Of the retention only the step to or from none waits.
        left(r -> r.multiAZ(true), p -> p.backupRetentionPeriod(0), "BackupRetentionPeriod"),
        left(r -> r.backupRetentionPeriod(14), larger, ""),
        left(r -> r.backupRetentionPeriod(0), larger, "DBInstanceClass"),
        // A window that is moved over the present is open.
        left(r -> r.preferredMaintenanceWindow("sun:10:00-sun:11:00"), larger, "DBInstanceClass"),
        left(r -> r.preferredMaintenanceWindow("sun:11:00-sun:12:00"), larger, ""));
  }

  private static ModifyDbInstanceRequest retention(int days) {
    return ModifyDbInstanceRequest.builder()
        .dbInstanceIdentifier("orders")
        .backupRetentionPeriod(days)
        .build();
  }
}
