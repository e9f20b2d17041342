/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.clouddb.DataSize;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.instance.Insights;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.MaintenanceWindow;
import io.clouddb.instance.Network;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The limits that hold on every cloud, each on both of its sides. */
class FieldChecksTest {
  private static final BackupPolicy DAILY = BackupPolicy.daily(LocalTime.of(3, 0));
  private static final MaintenanceWindow WEEKLY =
      MaintenanceWindow.weekly(DayOfWeek.SUNDAY, LocalTime.of(4, 0));

  private static void passes(Consumer<Problems> check) {
    Problems problems = new Problems("it");
    check.accept(problems);
    assertThatCode(problems::orThrow).doesNotThrowAnyException();
  }

  private static void fails(Consumer<Problems> check, String message) {
    Problems problems = new Problems("it");
    check.accept(problems);
    assertThat(catchThrowable(problems::orThrow)).hasMessageContaining(message);
  }

  @Test
  void aSizeHasACpuAndMemoryOrAName() {
    passes(p -> FieldChecks.size(InstanceSize.atLeast(1, DataSize.mib(1)), p));
    passes(p -> FieldChecks.size(InstanceSize.named("large"), p));
    fails(p -> FieldChecks.size(InstanceSize.atLeast(0, DataSize.gib(1)), p), "at least 1 vCPU");
    fails(p -> FieldChecks.size(InstanceSize.atLeast(1, DataSize.gib(0)), p), "some memory");
    fails(p -> FieldChecks.size(InstanceSize.named(" "), p), "an empty name");
    fails(p -> FieldChecks.size(InstanceSize.named("a\0"), p), "size has half a character");
  }

  @Test
  void aTextArrivesAsItIs() {
    passes(p -> FieldChecks.plain(null, "it", p));
    passes(p -> FieldChecks.plain("x".repeat(2048), "it", p));
    fails(p -> FieldChecks.plain("x".repeat(2049), "it", p), "more than 2048");
    fails(p -> FieldChecks.plain("\ud800", "it", p), "half a character");
  }

  @Test
  void backupsAreKeptForDaysAndTakenInAWindow() {
    passes(p -> FieldChecks.backups(DAILY.retainDays(1).lasting(Duration.ofMinutes(1)), p));
    passes(p -> FieldChecks.backups(DAILY.retainDays(3650).lasting(Duration.ofDays(1)), p));
    fails(p -> FieldChecks.backups(DAILY.retainDays(0), p), "for 1 to 3650 days, not 0");
    fails(p -> FieldChecks.backups(DAILY.retainDays(3651), p), "not 3651");
    fails(p -> FieldChecks.backups(DAILY.lasting(Duration.ZERO), p), "longer than nothing");
    fails(p -> FieldChecks.backups(DAILY.lasting(Duration.ofHours(25)), p), "at most 24 hours");
    fails(
        p -> FieldChecks.backups(BackupPolicy.daily().lasting(Duration.ofHours(1)), p),
        "a length and no start");
  }

  @Test
  void aMaintenanceWindowLastsAWeekAtMost() {
    passes(p -> FieldChecks.maintenance(WEEKLY, p));
    passes(p -> FieldChecks.maintenance(WEEKLY.lasting(Duration.ofDays(7)), p));
    fails(
        p -> FieldChecks.maintenance(WEEKLY.lasting(Duration.ofDays(7).plusSeconds(1)), p),
        "the maintenance window lasts longer than nothing and at most 168 hours");
    fails(p -> FieldChecks.maintenance(WEEKLY.lasting(Duration.ofHours(-1)), p), "longer than");
  }

  @Test
  void insightsAreKeptForDays() {
    passes(p -> FieldChecks.insights(Insights.enabled(), p));
    passes(p -> FieldChecks.insights(Insights.enabled().retainDays(1), p));
    passes(p -> FieldChecks.insights(Insights.enabled().retainDays(3650), p));
    fails(p -> FieldChecks.insights(Insights.enabled().retainDays(0), p), "insights are kept");
    fails(p -> FieldChecks.insights(Insights.enabled().retainDays(3651), p), "not 3651");
    fails(p -> FieldChecks.insights(Insights.disabled().retainDays(7), p), "have a retention");
  }

  @Test
  void aNetworkNamesWhatArrives() {
    passes(
        p -> FieldChecks.network(Network.privateNetwork("n").securityGroup("g").dnsZone("z"), p));
    fails(p -> FieldChecks.network(Network.publicAccess(), p), "names no address range");
    fails(p -> FieldChecks.network(Network.privateNetwork("a\0"), p), "the private network");
    fails(
        p -> FieldChecks.network(Network.privateNetwork("n").dnsZone("a\0"), p),
        "the private DNS zone");
    fails(
        p -> FieldChecks.network(Network.privateNetwork("n").securityGroup("a\0"), p),
        "a security group");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0.0.0.0/0", "203.0.113.7/32", "255.255.255.255/1", "::/0", "2001:db8::1/128"})
  void anAddressRangeIsOneOfEither(String cidr) {
    passes(p -> FieldChecks.addresses(List.of(cidr), p));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "256.0.0.0/8",
        "010.0.0.0/8",
        "1.2.3.4",
        "1.2.3.4/33",
        "::/129",
        "1::2::3/64",
        ":/0"
      })
  void anythingElseIsNone(String cidr) {
    fails(p -> FieldChecks.addresses(List.of(cidr), p), "no address range such as");
  }

  @Test
  void aParameterHasANameAndAValue() {
    passes(p -> FieldChecks.parameters(Map.of("a.b_1", "x"), p));
    fails(p -> FieldChecks.parameters(Map.of("1a", "x"), p), "'1a'");
    fails(p -> FieldChecks.parameters(Map.of("a", ""), p), "'a' has a malformed");
    fails(p -> FieldChecks.parameters(Map.of("a", "\0"), p), "'a' has a malformed");
  }
}
