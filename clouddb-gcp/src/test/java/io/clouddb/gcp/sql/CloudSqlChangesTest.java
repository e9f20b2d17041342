/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static io.clouddb.gcp.sql.SimulatedCloudSql.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.InsightsConfig;
import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.CloudDb;
import io.clouddb.Native;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.instance.Insights;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.MaintenanceWindow;
import io.clouddb.security.SecretRef;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.LocalTime;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A change touches what it names; what is half made, of a change or an instance, is named. */
class CloudSqlChangesTest {
  private static final InstanceChange MONDAY =
      InstanceChange.builder()
          .maintenance(MaintenanceWindow.weekly(DayOfWeek.MONDAY, LocalTime.of(5, 0)))
          .build();
  private static final InstanceChange PASSWORD = password().build();
  private static SimulatedCloudSql gcp;
  private static CloudDb cloud;
  private static Instance orders;
  @TempDir private static Path folder;

  @BeforeAll
  static void open() throws IOException {
    gcp = SimulatedCloudSql.start();
    cloud = gcp.open();
    orders =
        cloud
            .instances()
            .create(
                SimulatedCloudSql.spec("orders", folder).build(),
                Native.customize(
                    DatabaseInstance.class,
                    body ->
                        body.getSettings()
                            .setMaintenanceWindow(
                                new com.google.api.services.sqladmin.model.MaintenanceWindow()
                                    .setDay(7)
                                    .setHour(3)
                                    .setUpdateTrack("week5"))
                            .setInsightsConfig(
                                new InsightsConfig()
                                    .setQueryInsightsEnabled(true)
                                    .setQueryStringLength(4096)
                                    .setRecordClientAddress(true))))
            .await(LIMIT);
  }

  @AfterAll
  static void close() {
    // The last first; each of them, whatever another says.
    try (SimulatedCloudSql second = gcp;
        CloudDb first = cloud) {
      // Closed by leaving.
    }
    assertThat(gcp.simulator.bugs()).isEmpty();
  }

  private static Settings change(InstanceChange change) {
    return cloud
        .instances()
        .modify(orders.id(), change)
        .await(LIMIT)
        .unwrap(DatabaseInstance.class)
        .getSettings();
  }

  private static InstanceChange tagAndPassword(String tag) {
    return password().tag(tag, "b").build();
  }

  private static InstanceChange.Builder password() {
    return InstanceChange.builder().adminPassword(SecretRef.literal("another-1"));
  }

  @Test
  void aChangedWindowKeepsItsUpdateTrack() {
    var window = change(MONDAY).getMaintenanceWindow();
    assertThat(window.getDay()).isEqualTo(1);
    assertThat(window.getHour()).isEqualTo(5);
    assertThat(window.getUpdateTrack()).isEqualTo("week5");
  }

  @Test
  void aFirstWindowGetsTheUsualUpdateTrack() {
    DatabaseInstance without = new DatabaseInstance().setSettings(new Settings());
    Settings merged =
        WholePatch.of(PatchBody.of(MONDAY, SimulatedCloudSql.PLACE), without).getSettings();
    assertThat(merged.getMaintenanceWindow().getUpdateTrack()).isEqualTo("stable");
  }

  @Test
  void insightsThatAreSwitchedKeepTheirSettings() {
    DatabaseInstance before = cloud.instances().get("orders").unwrap(DatabaseInstance.class);
    InstanceChange off = InstanceChange.builder().insights(Insights.disabled()).build();
    InsightsConfig sent =
        WholePatch.of(PatchBody.of(off, SimulatedCloudSql.PLACE), before)
            .getSettings()
            .getInsightsConfig();
    assertThat(sent.getQueryInsightsEnabled()).isFalse();
    assertThat(sent.getQueryStringLength()).isEqualTo(4096);
    assertThat(sent.getRecordClientAddress()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"users.insert", "databases.insert"})
  void aRefusedStepOfACreationSaysThatTheInstanceIsLeft(String method) throws IOException {
    String name = "left-by-" + method.replace('.', '-');
    gcp.simulator.faults().on(method).refused(400, "invalid", "Invalid request: not this one.");
    var spec = SimulatedCloudSql.spec(name, folder).database("shop").build();
    assertThatThrownBy(() -> cloud.instances().create(spec).await(LIMIT))
        .isInstanceOfSatisfying(
            CloudDbException.class,
            e -> {
              assertThat(e.details().leftBehind()).get().asString().contains(name);
              assertThat(e.nextStep()).get().asString().contains("Remove what is left behind");
            })
        .hasMessageContaining("not this one");
    assertThat(cloud.instances().find(name)).as("it is there").isPresent();
  }

  @Test
  void aChangeThatIsHalfMadeSaysSo() {
    gcp.simulator.faults().on("users.update").refused(400, "invalid", "Invalid request: too weak.");
    assertThatThrownBy(() -> change(tagAndPassword("half")))
        .isInstanceOfSatisfying(
            CloudDbException.class,
            e ->
                assertThat(e.details().leftBehind())
                    .get()
                    .asString()
                    .contains("done: patch", "not done: password"));
    assertThat(cloud.instances().get("orders").tags()).as("made").containsEntry("half", "b");
  }

  @Test
  void aChangeOfWhichNothingIsMadeLeavesNothing() {
    gcp.simulator.faults().on("users.update").refused(400, "invalid", "Invalid request: too weak.");
    assertThatThrownBy(() -> change(PASSWORD))
        .isInstanceOfSatisfying(
            CloudDbException.class, e -> assertThat(e.details().leftBehind()).isEmpty());
  }

  @Test
  void aPasswordOfAStoppedInstanceIsRefusedBeforeAnythingIsChanged() {
    cloud.instances().stop(orders.id()).await(LIMIT);
    int patches = gcp.simulator.requests("instances.patch").size();
    assertThatThrownBy(() -> change(tagAndPassword("stopped")))
        .isInstanceOfSatisfying(
            ConditionFailedException.class,
            e -> assertThat(e.nextStep()).get().asString().contains("Start it"))
        .hasMessageContaining("orders");
    assertThat(gcp.simulator.requests("instances.patch")).hasSize(patches);
    cloud.instances().start(orders.id()).await(LIMIT);
  }

  /** The service's own sentence, when it is stopped in between. */
  @Test
  void aRefusalBecauseTheInstanceIsNotRunningIsAFailedCondition() {
    gcp.simulator
        .faults()
        .on("users.update")
        .refused(400, "invalid", "Invalid request: Invalid request since instance is not running.");
    assertThatThrownBy(() -> change(PASSWORD))
        .isInstanceOfSatisfying(
            ConditionFailedException.class,
            e -> assertThat(e.nextStep()).get().asString().contains("Start the instance"));
  }
}
