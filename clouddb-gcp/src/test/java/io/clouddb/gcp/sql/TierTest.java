/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.DataSize;
import io.clouddb.instance.InstanceSize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TierTest {
  @ParameterizedTest
  @CsvSource({
    "1, 1024, db-custom-1-3840",
    "1, 3840, db-custom-1-3840",
    "1, 3841, db-custom-1-4096",
    "1, 6656, db-custom-1-6656",
    // More than 6.5 GiB for each vCPU needs more vCPUs.
    "1, 6657, db-custom-2-6912",
    "2, 4096, db-custom-2-4096",
    "2, 8192, db-custom-2-8192",
    "2, 16384, db-custom-4-16384",
    "3, 8192, db-custom-4-8192",
    "4, 16384, db-custom-4-16384",
    // Less than 0.9 GiB for each vCPU is too little.
    "16, 1024, db-custom-16-14848",
    "96, 638976, db-custom-96-638976"
  })
  void theSmallestCustomMachineIsTaken(int cpus, long mib, String tier) {
    InstanceSize size = InstanceSize.atLeast(cpus, DataSize.mib(mib));

    assertThat(Tier.whyNot(size)).isEmpty();
    assertThat(Tier.of(size)).contains(new Tier(tier, Tier.ENTERPRISE));
  }

  @Test
  void everyComputedTierKeepsTheRules() {
    for (int cpus = 1; cpus <= Tier.MOST_CPUS; cpus++) {
      for (long mib = 512; mib <= 638_976; mib += 5003) {
        String name = Tier.of(InstanceSize.atLeast(cpus, DataSize.mib(mib))).orElseThrow().name();
        assertThat(Tier.whyNot(InstanceSize.named(name))).as(name).isEmpty();
        String[] parts = name.split("-", -1);
        assertThat(Integer.parseInt(parts[2])).isGreaterThanOrEqualTo(cpus);
        assertThat(Long.parseLong(parts[3])).isGreaterThanOrEqualTo(mib);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "db.m7g.large",
        "Standard_D2ds_v5",
        "db-custom-3-8192",
        "db-custom-98-98304",
        "db-custom-2-8000",
        "db-custom-2-16384",
        "db-custom-1-2048"
      })
  void whatIsNoTierIsSaidSo(String name) {
    assertThat(Tier.whyNot(InstanceSize.named(name))).get().asString().contains(name);
    assertThat(Tier.of(InstanceSize.named(name))).isEmpty();
  }

  @Test
  void whatNoCustomMachineHasIsSaidSo() {
    assertThat(Tier.whyNot(InstanceSize.atLeast(97, DataSize.gib(1)))).isPresent();
    assertThat(Tier.whyNot(InstanceSize.atLeast(1, DataSize.gib(625)))).isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "db-f1-micro, ENTERPRISE, 7",
    "db-custom-2-8192, ENTERPRISE, 7",
    "db-perf-optimized-N-8, ENTERPRISE_PLUS, 35",
    "db-c4a-highmem-4, ENTERPRISE_PLUS, 35"
  })
  void aNamedTierBringsItsEdition(String name, String edition, int logDays) {
    Tier tier = Tier.of(InstanceSize.named(name)).orElseThrow();

    assertThat(tier).isEqualTo(new Tier(name, edition));
    assertThat(tier.mostLogDays()).isEqualTo(logDays);
  }
}
