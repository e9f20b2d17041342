/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.services.sqladmin.SQLAdmin;
import com.google.api.services.sqladmin.model.TiersListResponse;
import io.clouddb.CloudDb;
import io.clouddb.DataSize;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Catalog;
import io.clouddb.instance.CatalogSize;
import io.clouddb.instance.CatalogVersion;
import io.clouddb.instance.Engine;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Network;
import io.clouddb.instance.Storage;
import io.clouddb.plan.Plan;
import io.clouddb.security.SecretRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The catalog of Cloud SQL: the tiers in lists, and what a rule or the API's definition decides.
 */
class TierCatalogTest {
  private static SimulatedCloudSql gcp;
  private static CloudDb cloud;
  private static Catalog catalog;

  @BeforeAll
  static void start() {
    gcp = SimulatedCloudSql.start();
    cloud = gcp.open();
    catalog = cloud.instances().catalog(Engine.POSTGRESQL);
  }

  @AfterAll
  static void stop() {
    cloud.close();
    gcp.close();
  }

  private static InstanceSpec spec(InstanceSize size) {
    return InstanceSpec.builder("orders", Engine.POSTGRESQL, "16")
        .size(size)
        .storage(Storage.ssd(DataSize.gib(20)))
        .network(Network.publicAccess("203.0.113.0/24"))
        .admin(AdminLogin.of("app_admin", SecretRef.environment("PW")))
        .build();
  }

  private static Plan plan(String tier) {
    return cloud.instances().plan(spec(InstanceSize.named(tier)), catalog);
  }

  @Test
  void hasWhatIsForPostgresInTheRegion() {
    CatalogSize large = catalog.size("db-perf-optimized-N-8").orElseThrow();
    assertThat(large.cpus()).contains(8);
    assertThat(large.memory()).contains(DataSize.gib(64));
    assertThat(large.tier()).isEqualTo(Tier.ENTERPRISE_PLUS);
    assertThat(catalog.size("db-f1-micro").flatMap(CatalogSize::cpus)).as("shared").isEmpty();
    assertThat(catalog.size("db-f1-micro").flatMap(CatalogSize::memory))
        .contains(DataSize.mib(614));
    assertThat(catalog.size("db-n1-standard-1")).as("of MySQL").isEmpty();
    assertThat(cloud.in("antarctica-south1").instances().catalog(Engine.POSTGRESQL).sizes())
        .isEmpty();
    assertThat(catalog.versions())
        .extracting(CatalogVersion::version)
        .startsWith("9.6", "10")
        .endsWith("18");
  }

  @Test
  void decidesOfTiersInAListAndARuleOfCustomOnes() {
    assertThat(plan("db-perf-optimized-N-8").feasible()).isTrue();
    assertThat(plan("db-custom-2-8192").feasible()).isTrue();
    Plan refused = plan("db-perf-optimized-N-9");
    assertThat(refused.entries(Plan.Outcome.REFUSED))
        .extracting(Plan.Entry::field)
        .containsExactly(InstanceField.SIZE);
    assertThat(refused.toString()).contains(SimulatedCloudSql.REGION, "db-perf-optimized-N-9");
    assertThat(cloud.instances().plan(spec(InstanceSize.named("db-perf-optimized-N-9"))).toString())
        .contains("a catalog tells");
    assertThat(
            cloud
                .instances()
                .plan(spec(InstanceSize.atLeast(2, DataSize.gib(8))), catalog)
                .feasible())
        .isTrue();
  }

  @Test
  void theListIsAsTheServiceHasIt() throws Exception {
    TiersListResponse list =
        cloud.unwrap(SQLAdmin.class).tiers().list(SimulatedCloudSql.PROJECT).execute();
    assertThat(list.getKind()).isEqualTo("sql#tiersList");
    assertThat(list.getItems())
        .allSatisfy(
            tier -> {
              assertThat(tier.getKind()).isEqualTo("sql#tier");
              assertThat(tier.getRegion()).contains(SimulatedCloudSql.REGION);
              assertThat(tier.getDiskQuota()).isPositive();
              assertThat(tier.getRAM()).isPositive();
              assertThat(tier.getUnknownKeys()).isEmpty();
            });
  }
}
