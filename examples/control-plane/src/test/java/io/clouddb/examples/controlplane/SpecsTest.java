/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.examples.cloud.Cloud;
import io.clouddb.examples.cloud.StandInCloud;
import io.clouddb.examples.terminal.Display;
import io.clouddb.examples.terminal.Terminal;
import io.clouddb.instance.AdminLogin;
import io.clouddb.security.SecretRef;
import io.clouddb.testkit.simulator.SimulatedCloud;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is asked for, before anything is made. */
class SpecsTest {
  private final PlanTable table = new PlanTable();

  private Specs plan(Cloud cloud) {
    SimulatedCloud standIn = StandInCloud.start(cloud);
    try (Place place = Place.simulated(cloud, standIn, standIn::close)) {
      AdminLogin admin = AdminLogin.of("shop_admin", SecretRef.environment("PW"));
      Specs specs = Specs.plan(place, "cp-1", admin, table);
      assertThat(standIn.requests()).isEmpty();
      return specs;
    }
  }

  private String shown() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    table.show(new Display(new Terminal(out, false, false, 100), System::nanoTime));
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @EnumSource(Cloud.class)
  void allCallsArePlannedBeforeTheFirstOne(Cloud cloud) {
    plan(cloud);

    for (String call :
        List.of("create", "replicate", "protect", "take", "restore", "to moment", "fail over")) {
      assertThat(shown()).containsPattern("(?m)^  " + call + " +[a-z-]+ +honoured ");
    }
  }

  /** Azure has no backup window, and its backups have no tags. */
  @Test
  void whatIsOnlyPreferredOfTheProtectionIsAdjusted() {
    Specs specs = plan(Cloud.AZURE);

    assertThat(specs.protection().policy().start()).contains(LocalTime.of(3, 0));
    assertThat(specs.protection().backup().tags()).containsEntry("Type", "Manual");
    assertThat(shown())
        .containsPattern("(?m)^  protect +backup-window +adjusted ")
        .containsPattern("(?m)^  protect +tags +adjusted ")
        .doesNotContainPattern("(?m)^  protect .* refused ");
  }

  @Test
  void aCallThatIsPlannedAnewIsShownOnce() {
    plan(Cloud.GCP);
    String first = shown();
    plan(Cloud.GCP);

    assertThat(shown().lines().count()).isEqualTo(first.lines().count());
  }
}
