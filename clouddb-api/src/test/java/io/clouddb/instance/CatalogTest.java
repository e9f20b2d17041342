/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.DataSize;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class CatalogTest {
  private static final Instant READ = Instant.parse("2026-01-01T00:00:00Z");

  private static CatalogSize size(String name, int cpus, long gib) {
    return CatalogSize.builder(name).cpus(cpus).memory(DataSize.gib(gib)).build();
  }

  private final Catalog catalog =
      Catalog.builder("cloud", "north", Engine.POSTGRESQL, READ)
          .sizes(
              List.of(
                  size("big", 4, 16),
                  size("preferred", 2, 8),
                  size("other", 2, 8),
                  size("wide", 2, 16),
                  CatalogSize.builder("unknown").versions(List.of("16.4", "17.1")).build()))
          .versions(
              List.of(
                  new CatalogVersion("16.4", "available", false),
                  new CatalogVersion("9.6", "deprecated", true)))
          .build();

  @Test
  void givesTheSmallestFirstAndAmongEqualsThePreferredOne() {
    assertThat(catalog.atLeast(1, DataSize.gib(5)))
        .extracting(CatalogSize::name)
        .containsExactly("preferred", "other", "wide", "big");
    assertThat(catalog.atLeast(2, DataSize.gib(16)))
        .extracting(CatalogSize::name)
        .containsExactly("wide", "big");
    assertThat(catalog.atLeast(5, DataSize.gib(1))).isEmpty();
    assertThat(catalog.atLeast(4, DataSize.gib(1)).get(0).toSize())
        .isEqualTo(InstanceSize.named("big"));
  }

  @Test
  void findsByNameWhateverTheCase() {
    assertThat(catalog.size("BIG")).map(CatalogSize::name).contains("big");
    assertThat(catalog.size("bi")).isEmpty();
  }

  @Test
  void offersAMajorVersionThatHasAMinorOne() {
    assertThat(catalog.offers("16")).isTrue();
    assertThat(catalog.offers("16.4")).isTrue();
    assertThat(catalog.offers("16.40")).isFalse();
    assertThat(catalog.offers("1")).isFalse();
    assertThat(catalog.offers("9.6")).isTrue();
  }

  @Test
  void runsEveryVersionWhereTheCloudTellsNone() {
    assertThat(catalog.size("big").orElseThrow().runs("12")).isTrue();
    CatalogSize unknown = catalog.size("unknown").orElseThrow();
    assertThat(unknown.runs("17")).isTrue();
    assertThat(unknown.runs("15")).isFalse();
  }

  @Test
  void saysWhoseItIsAndHowOld() {
    assertThat(catalog.toString()).contains("cloud", "north", "2026-01-01", "5 sizes");
    assertThat(catalog.sizes().get(0).toString()).isEqualTo("big (4 vCPU, 16 GiB)");
    assertThat(catalog.sizes().get(4).toString()).contains("?");
  }
}
