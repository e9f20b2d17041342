/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
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

  private static ModifyDbInstanceRequest retention(int days) {
    return ModifyDbInstanceRequest.builder()
        .dbInstanceIdentifier("orders")
        .backupRetentionPeriod(days)
        .build();
  }
}
