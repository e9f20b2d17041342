/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudDb;
import io.clouddb.examples.cloud.Cloud;
import io.clouddb.examples.cloud.StandInCloud;
import io.clouddb.examples.terminal.Display;
import io.clouddb.examples.terminal.Terminal;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Instance;
import io.clouddb.operation.Operation;
import io.clouddb.security.SecretRef;
import io.clouddb.testkit.simulator.SimulatedCloud;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Nothing outlives a run that was stopped. */
class MadeTest {
  private final Display display =
      new Display(
          new Terminal(
              new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
              false,
              false,
              100),
          System::nanoTime);

  @Test
  void deletesWhatIsStillBeingMade() throws Exception {
    try (SimulatedCloud simulator = StandInCloud.start(Cloud.GCP);
        Place place = Place.simulated(Cloud.GCP, simulator, () -> {})) {
      CloudDb cloud = place.home();
      Specs specs =
          Specs.plan(
              place,
              "half-made",
              AdminLogin.of("shop_admin", SecretRef.literal("Aa1-not-a-real-one")),
              new PlanTable());
      Operation<Instance> creation = cloud.instances().create(specs.instance());
      Made made = new Made();
      made.instance(cloud, creation);

      assertThat(made.deleteAll(new Steps(display, place.clock()))).isEmpty();

      assertThat(creation.status()).isEqualTo(Operation.Status.SUCCEEDED);
      assertThat(cloud.instances().list()).isEmpty();
    }
  }

  @Tag("slow")
  @Test
  void whatAnInterruptionCutsOffIsDeletedThen() throws Exception {
    try (SimulatedCloud simulator = StandInCloud.start(Cloud.AZURE);
        Place place = Place.simulated(Cloud.AZURE, simulator, () -> {})) {
      CloudDb cloud = place.home();
      Specs specs =
          Specs.plan(
              place,
              "cut-off",
              AdminLogin.of("shop_admin", SecretRef.literal("Aa1-not-a-real-one")),
              new PlanTable());
      Operation<Instance> creation = cloud.instances().create(specs.instance());
      Made made = new Made();
      made.instance(cloud, creation);
      Steps steps = new Steps(display, place.clock());
      steps.awaitEnd(creation);

      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> made.deleteAll(steps)).isInstanceOf(InterruptedException.class);

      assertThat(made.deleteAll(steps)).isEmpty();
      assertThat(cloud.instances().list()).isEmpty();
    }
  }
}
