/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static io.clouddb.gcp.sql.SimulatedCloudSql.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.CloudDb;
import io.clouddb.DataSize;
import io.clouddb.Native;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Storage;
import io.clouddb.plan.Plan;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which machine has which disks, and what a disk's sizes have to do with one another. */
class CloudSqlDisksTest {
  private static SimulatedCloudSql gcp;
  private static CloudDb cloud;
  @TempDir private static Path folder;

  @BeforeAll
  static void open() {
    gcp = SimulatedCloudSql.start();
    cloud = gcp.open();
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

  private static InstanceSpec.Builder spec(String tier) throws IOException {
    return SimulatedCloudSql.spec("orders", folder).size(InstanceSize.named(tier));
  }

  private static Settings sent(InstanceSpec spec) {
    cloud.instances().plan(spec).orThrow();
    return InsertBody.of(spec, SimulatedCloudSql.PLACE, "attempt").getSettings();
  }

  private static void assertRefused(InstanceSpec spec, InstanceField field) {
    assertThat(cloud.instances().plan(spec).entries(Plan.Outcome.REFUSED))
        .extracting(Plan.Entry::field)
        .containsExactly(field);
  }

  @ParameterizedTest
  @CsvSource({
    "db-c4a-highmem-4, ENTERPRISE_PLUS, HYPERDISK_BALANCED",
    "db-perf-optimized-C4-4, ENTERPRISE_PLUS, HYPERDISK_BALANCED",
    "db-custom-N4-4-16384, ENTERPRISE, HYPERDISK_BALANCED",
    "db-perf-optimized-N-2, ENTERPRISE_PLUS, PD_SSD",
    "db-custom-2-8192, ENTERPRISE, PD_SSD",
    "db-g1-small, ENTERPRISE, PD_SSD"
  })
  void aMachineGetsTheDiskThatItHas(String tier, String edition, String disk) throws IOException {
    InstanceSpec spec = spec(tier).build();
    assertThat(cloud.instances().plan(spec).toString())
        .contains(tier + " (" + edition + ")", "dataDiskType = " + disk);
    assertThat(sent(spec).getDataDiskType()).isEqualTo(disk);
    assertThat(sent(spec).getEdition()).isEqualTo(edition);
  }

  @ParameterizedTest
  @CsvSource({
    "db-c4a-highmem-4, HYPERDISK_BALANCED",
    "db-custom-N4-4-16384, HYPERDISK_BALANCED",
    "db-perf-optimized-N-2, PD_SSD"
  })
  void aMachineThatHasNoHddGetsAnSsdWhereThatIsPreferred(String tier, String disk)
      throws IOException {
    InstanceSpec.Builder hdd = spec(tier).storage(Storage.hdd(DataSize.gib(20)));
    assertRefused(hdd.build(), InstanceField.STORAGE_TYPE);
    assertThat(sent(hdd.preferring(InstanceField.STORAGE_TYPE).build()).getDataDiskType())
        .isEqualTo(disk);
  }

  /** "10GB for PD_SSD, PD_HDD and 20GB for HYPERDISK_BALANCED". */
  @ParameterizedTest
  @CsvSource({"db-c4a-highmem-4, 20", "db-custom-N4-4-16384, 20", "db-custom-2-8192, 10"})
  void aDiskIsAsLargeAsItsKindBegins(String tier, long least) throws IOException {
    InstanceSpec.Builder small = spec(tier).storage(Storage.ssd(DataSize.gib(least - 1)));
    assertRefused(small.build(), InstanceField.STORAGE_SIZE);
    assertThat(sent(small.preferring(InstanceField.STORAGE_SIZE).build()).getDataDiskSizeGb())
        .isEqualTo(least);
    InstanceSpec enough = spec(tier).storage(Storage.ssd(DataSize.gib(least))).build();
    assertThat(sent(enough).getDataDiskSizeGb()).isEqualTo(least);
  }

  /** What a customization chooses is the service's to judge. */
  @ParameterizedTest
  @CsvSource({
    "db-c4a-highmem-4, PD_SSD",
    "db-perf-optimized-C4-4, PD_SSD",
    "db-custom-N4-4-16384, PD_SSD",
    "db-perf-optimized-N-2, PD_HDD",
    "db-custom-2-8192, HYPERDISK_BALANCED"
  })
  void theServiceRefusesAnotherDisk(String tier, String disk) throws IOException {
    InstanceSpec spec =
        SimulatedCloudSql.spec("refused", folder).size(InstanceSize.named(tier)).build();
    Native another =
        Native.customize(DatabaseInstance.class, body -> body.getSettings().setDataDiskType(disk));
    assertThatThrownBy(() -> cloud.instances().create(spec, another).await(LIMIT))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContainingAll(disk, tier);
  }

  /** The service moves the data by itself, which a plan has to say. */
  @Test
  void aChangeToAnotherMachineTakesItsDisk() throws IOException {
    Instance orders = cloud.instances().create(spec("db-c4a-highmem-4").build()).await(LIMIT);
    assertThat(disk(orders)).isEqualTo("HYPERDISK_BALANCED");
    assertThat(disk(change(orders, "db-custom-2-8192"))).isEqualTo("PD_SSD");
    assertThat(plan("db-perf-optimized-C4-4"))
        .contains("db-perf-optimized-C4-4 (ENTERPRISE_PLUS, with a disk HYPERDISK_BALANCED");
    assertThat(disk(change(orders, "db-custom-N4-4-16384"))).isEqualTo("HYPERDISK_BALANCED");
    assertThat(plan("db-perf-optimized-N-2")).doesNotContain("with a disk");
  }

  @Test
  void aMachineWithAnHddCannotBecomeOneThatHasNone() throws IOException {
    Instance hdd =
        cloud
            .instances()
            .create(
                SimulatedCloudSql.spec("hdd", folder)
                    .storage(Storage.hdd(DataSize.gib(20)))
                    .build())
            .await(LIMIT);
    assertThatThrownBy(() -> change(hdd, "db-c4a-highmem-4"))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("PD_HDD");
  }

  private static InstanceChange sized(String tier) {
    return InstanceChange.builder().size(InstanceSize.named(tier)).build();
  }

  private static String plan(String tier) {
    return cloud.instances().planModify(sized(tier)).orThrow().toString();
  }

  private static Instance change(Instance instance, String tier) {
    return cloud.instances().modify(instance.id(), sized(tier)).await(LIMIT);
  }

  private static String disk(Instance instance) {
    return instance.unwrap(DatabaseInstance.class).getSettings().getDataDiskType();
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.6", "10", "11", "11.22"})
  void theGreaterEditionBeginsWithPostgres12(String version) throws IOException {
    assertRefused(ofVersion(version, "db-perf-optimized-N-2"), InstanceField.ENGINE_VERSION);
    assertThat(sent(ofVersion("12", "db-perf-optimized-N-2")).getEdition())
        .isEqualTo(Tier.ENTERPRISE_PLUS);
    assertThat(sent(ofVersion("9.6", "db-custom-2-8192")).getEdition()).isEqualTo(Tier.ENTERPRISE);
  }

  private static InstanceSpec ofVersion(String version, String tier) throws IOException {
    InstanceSpec like = spec(tier).build();
    return InstanceSpec.builder("orders", Engine.POSTGRESQL, version)
        .size(like.size())
        .storage(like.storage())
        .network(like.network().orElseThrow())
        .admin(like.admin())
        .build();
  }

  /** A disk that is made larger than asked for may be larger than the limit of its growth, too. */
  @Test
  void theLimitOfGrowthIsNoLessThanTheDisk() throws IOException {
    InstanceSpec.Builder small =
        SimulatedCloudSql.spec("orders", folder)
            .storage(Storage.ssd(DataSize.gib(5)).growingTo(DataSize.gib(8)))
            .preferring(InstanceField.STORAGE_SIZE);
    assertRefused(small.build(), InstanceField.STORAGE_GROWTH_LIMIT);
    Settings settings = sent(small.preferring(InstanceField.STORAGE_GROWTH_LIMIT).build());
    assertThat(settings.getDataDiskSizeGb()).isEqualTo(10);
    assertThat(settings.getStorageAutoResizeLimit()).isEqualTo(10);
  }
}
