/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.CloudDb;
import io.clouddb.backup.Backup;
import io.clouddb.backup.BackupQuery;
import io.clouddb.examples.cloud.Cloud;
import io.clouddb.examples.cloud.StandInCloud;
import io.clouddb.examples.terminal.Terminal;
import io.clouddb.testkit.simulator.SimulatedCloud;
import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.Verb;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The whole program, on stand-ins, and what it refuses. */
class ControlPlaneTest {
  private static final String[] LIVE_AWS = {"aws", "--live", "--region", "r-1"};

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
  private final List<Cloud> opened = new ArrayList<>();
  private int left;

  private String output() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** Opens nothing that costs anything. */
  private int execute(String typed, Consumer<SimulatedCloud> prepared, String... args) {
    ControlPlane command =
        new ControlPlane(
            new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)),
            new Terminal(out, false, false, 100),
            out,
            cloud -> open(cloud, prepared),
            (cloud, options) -> open(cloud, prepared));
    return new CommandLine(command)
        .setErr(new PrintWriter(out, true, StandardCharsets.UTF_8))
        .execute(args);
  }

  private Place open(Cloud cloud, Consumer<SimulatedCloud> prepared) {
    opened.add(cloud);
    SimulatedCloud standIn = StandInCloud.start(cloud);
    prepared.accept(standIn);
    return Place.simulated(
        cloud,
        standIn,
        () -> {
          try (standIn) {
            assertWhatIsLeft(cloud, standIn);
          }
        });
  }

  private void assertWhatIsLeft(Cloud which, SimulatedCloud simulator) {
    assertThat(simulator.notSimulated()).isEmpty();
    assertThat(simulator.bugs()).isEmpty();
    for (String region : List.of(which.location(), which.otherLocation())) {
      try (CloudDb cloud = CloudDb.open(simulator.config(region).build())) {
        assertThat(cloud.instances().list()).hasSize(region.equals(which.location()) ? left : 0);
        assertThat(cloud.backups().list(BackupQuery.all()))
            .allMatch(backup -> backup.origin() == Backup.Origin.AUTOMATIC);
      }
    }
  }

  private void assertRefused(String message, String... args) {
    assertThat(execute("", simulator -> {}, args)).as(output()).isEqualTo(2);
    assertThat(output()).contains(message).doesNotContain("\tat ");
    assertThat(opened).isEmpty();
  }

  @Test
  void doesAllOfItAndLeavesNothing() {
    doesAllOfIt(Cloud.GCP);
  }

  @Tag("slow")
  @ParameterizedTest
  @EnumSource(value = Cloud.class, mode = EnumSource.Mode.EXCLUDE, names = "GCP")
  void doesAllOfItOnTheOthers(Cloud cloud) {
    doesAllOfIt(cloud);
  }

  private void doesAllOfIt(Cloud cloud) {
    assertThat(execute("", simulator -> {}, cloud.id())).as(output()).isZero();

    assertThat(output())
        .contains(cloud.service() + " (simulated", "nothing is left", "honoured", "refused")
        .doesNotContain("LEFT BEHIND", "FAIL", "Aa1-");
    for (String step :
        List.of(
            "create",
            "replicate",
            "protect",
            "take",
            "restore",
            "moment",
            "to moment",
            "fail over",
            "go on",
            "delete")) {
      // As it goes on, and in the table at the end.
      assertThat(output()).containsPattern("(?m)^  ok    " + step + " .*");
      assertThat(output()).containsPattern("(?m)^  " + step + " +[0-9:.]+ (ms|s|min)$");
    }
  }

  /** The replica is the second instance. */
  private static void refuseReplica(SimulatedCloud simulator) {
    simulator
        .faults()
        .on(Verb.CREATE, Call.INSTANCE)
        .after(1)
        .refused(403, "forbidden", "no replica for you");
  }

  @Test
  void deletesWhatItMadeWhenAStepFails() {
    assertThat(execute("", ControlPlaneTest::refuseReplica, "gcp")).as(output()).isEqualTo(1);

    assertThat(output())
        .contains("FAIL  replicate", "no replica for you", "nothing is left")
        .doesNotContain("LEFT BEHIND", "\tat ");
    // All of it was planned before anything was made.
    for (String call : List.of("create", "take", "restore", "to moment", "fail over")) {
      assertThat(output()).containsPattern("(?m)^  " + call + " +[a-z-]+ +honoured ");
    }
  }

  @Test
  void namesWhatItCannotDelete() {
    left = 1;
    int code =
        execute(
            "",
            simulator -> {
              refuseReplica(simulator);
              simulator
                  .faults()
                  .on(Verb.DELETE, Call.INSTANCE)
                  .refused(403, "AccessDenied", "it stays");
            },
            "aws");

    assertThat(code).as(output()).isEqualTo(1);
    assertThat(output())
        .containsPattern("LEFT BEHIND, delete it yourself: instance cp-\\S+ in .*it stays")
        .contains("FAIL  replicate", "not all of it is gone")
        .containsPattern(
            "delete also the DB parameter groups clouddb-cp-\\d+-\\w+\\.\\.\\. in both")
        .doesNotContain("nothing is left");
  }

  @Test
  void aConfirmedRunIsOnTheAccount() {
    int code =
        execute(
            "aws\n",
            simulator ->
                simulator
                    .faults()
                    .on(Verb.CREATE, Call.INSTANCE)
                    .refused(403, "AccessDenied", "not for you"),
            LIVE_AWS);

    assertThat(code).as(output()).isEqualTo(1);
    assertThat(opened).containsExactly(Cloud.AWS);
    assertThat(output()).contains("costs money", "r-1", "not for you");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "yes\n", "gcp\n", "AWS\n"})
  void whatIsNotConfirmedOpensNothing(String typed) {
    assertThat(execute(typed, simulator -> {}, LIVE_AWS)).isEqualTo(2);

    assertThat(output())
        .contains("costs money", "nothing was made")
        .contains("Without --security-group the default security group of the VPC in r-1");
    assertThat(opened).isEmpty();
  }

  @Test
  void noCloud() {
    assertRefused("Missing required parameter: 'CLOUD'");
  }

  @Test
  void anUnknownCloud() {
    assertRefused("'oracle' is no cloud; there are aws, azure, gcp", "oracle");
  }

  @ParameterizedTest
  @CsvSource({"--region, eu-west-1", "--size, db.m7g.large", "--yes,", "--allow, 10.0.0.0/8"})
  void whatIsForAnAccountOnly(String option, String value) {
    assertRefused(
        option + " goes with --live only",
        value == null ? new String[] {"aws", option} : new String[] {"aws", option, value});
  }

  @Test
  void allThatIsMissingIsNamedAtOnce() {
    assertRefused(
        "--subscription is missing; --resource-group is missing; --allow or --network is missing",
        "azure",
        "--live",
        "--yes");
  }

  @Test
  void aFailoverIntoTheSameRegion() {
    assertRefused(
        "a failover needs another one",
        "aws",
        "--live",
        "--yes",
        "--region",
        "eu-west-1",
        "--other-region",
        "eu-west-1");
  }
}
