/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.DataSize;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.instance.Catalog;
import io.clouddb.instance.CatalogSize;
import io.clouddb.instance.Engine;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Catalogs: what the cloud says that it has, and plans by it. */
abstract class CatalogContract extends InstanceCases {
  private static final int MANY_CPUS = 64;

  CatalogContract(CloudContract kit) {
    super(kit);
  }

  @Test
  void aCatalogHasWhatIsMadeHereAndAPlanRefusesWhatItLacks() {
    InstanceSpec spec = spec("planned").build();
    Catalog catalog = cloud().instances().catalog(spec.engine());
    assertThat(catalog.sizes()).isNotEmpty();
    assertThat(catalog.offers(spec.engineVersion())).as("%s", catalog).isTrue();
    assertThat(cloud().instances().plan(spec, catalog).feasible()).isTrue();
    // Whatever create would choose for the least of something, the cloud has it.
    for (int cpus = 1; cpus <= MANY_CPUS; cpus++) {
      for (int gib = cpus; gib <= cpus * 8; gib = gib + cpus) {
        InstanceSpec least =
            spec.toBuilder().size(InstanceSize.atLeast(cpus, DataSize.gib(gib))).build();
        assertThat(cloud().instances().plan(least, catalog).feasible())
            .as("%s", least.size())
            .isEqualTo(cloud().instances().plan(least).feasible());
      }
    }
    List<InstanceSpec> possible = new ArrayList<>();
    for (CatalogSize size : catalog.sizes()) {
      InstanceSpec named = spec.toBuilder().size(size.toSize()).build();
      Plan plan = cloud().instances().plan(named, catalog);
      assertThat(plan.toString()).doesNotContain("has no size");
      if (plan.feasible()) {
        possible.add(named);
      }
    }
    assertThat(possible).as("sizes of the catalog that can be had").isNotEmpty();
    InstanceSpec listed = possible.get(0);
    Catalog empty =
        Catalog.builder(catalog.provider(), catalog.location(), spec.engine(), catalog.readAt())
            .build();
    Plan plan = cloud().instances().plan(listed, empty);
    assertThat(plan.entries(Plan.Outcome.REFUSED))
        .extracting(Plan.Entry::field)
        .containsExactlyInAnyOrder(InstanceField.SIZE, InstanceField.ENGINE_VERSION);
    assertThatThrownBy(plan::orThrow)
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining(catalog.location())
        .hasMessageContaining(listed.size().toString());
    assertThatThrownBy(() -> cloud().instances().catalog(new Engine("no-such-engine")))
        .isInstanceOf(UnsupportedFeatureException.class);
  }
}
