/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.DataSize;
import io.clouddb.FeatureContext;
import io.clouddb.Support;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Availability;
import io.clouddb.instance.Catalog;
import io.clouddb.instance.CatalogSize;
import io.clouddb.instance.CatalogVersion;
import io.clouddb.instance.Engine;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Storage;
import io.clouddb.plan.Plan;
import io.clouddb.security.SecretRef;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a plan makes of a catalog, where one is given. */
class InCatalogTest {
  /** Chosen for the least of anything, whatever the catalog says. */
  private static final String USUAL = "usual";

  private static final FieldTable<Object> TABLE =
      FieldTable.of(
          "cloud",
          "instances",
          List.of(
              FieldRow.<String, Object>of(
                      InstanceField.ENGINE_VERSION, String.class, "engineVersion")
                  .only(InCatalog.version())
                  .build(),
              FieldRow.<InstanceSize, Object>of(InstanceField.SIZE, InstanceSize.class, "class")
                  .only(InCatalog.size((size, asked) -> size.name().or(() -> Optional.of(USUAL))))
                  .noted(
                      (size, asked) ->
                          asked.catalog().isPresent()
                              ? Optional.empty()
                              : Optional.of("a catalog tells"))
                  .build()));

  private static InstanceSpec.Builder spec(String version, InstanceSize size) {
    return InstanceSpec.builder("orders", Engine.POSTGRESQL, version)
        .size(size)
        .storage(Storage.ssd(DataSize.gib(20)))
        .admin(AdminLogin.of("app_admin", SecretRef.environment("PW")));
  }

  private static CatalogSize.Builder size(String name, int cpus) {
    return CatalogSize.builder(name).cpus(cpus).memory(DataSize.gib(cpus * 4L));
  }

  private static Catalog catalog(CatalogSize... sizes) {
    return Catalog.builder(
            "cloud", "north", Engine.POSTGRESQL, Instant.parse("2026-01-01T00:00:00Z"))
        .sizes(List.of(sizes))
        .versions(
            List.of(new CatalogVersion("16.4", "", false), new CatalogVersion("17.1", "", false)))
        .build();
  }

  private static Plan.Entry entry(
      InstanceField field, InstanceSpec spec, @Nullable Catalog catalog) {
    return TABLE.plan(new Asked(spec, Map.of(), catalog)).entries().stream()
        .filter(each -> each.field() == field)
        .findFirst()
        .orElseThrow();
  }

  private static Plan.Entry size(InstanceSpec spec, @Nullable Catalog catalog) {
    return entry(InstanceField.SIZE, spec, catalog);
  }

  @Test
  void refusesAVersionThatItLacksAndNamesThoseThatItHas() {
    Plan.Entry refused =
        entry(InstanceField.ENGINE_VERSION, spec("15", InstanceSize.named("a")).build(), catalog());
    assertThat(refused.outcome()).isEqualTo(Plan.Outcome.REFUSED);
    assertThat(refused.text()).contains("north", "postgresql 15", "2026-01-01");
    assertThat(refused.alternative()).contains("16.4, 17.1");
  }

  @Test
  void refusesASizeThatItLacksByName() {
    Plan.Entry refused =
        size(spec("16", InstanceSize.named("huge")).build(), catalog(size("a", 2).build()));
    assertThat(refused.outcome()).isEqualTo(Plan.Outcome.REFUSED);
    assertThat(refused.text()).contains("north", "has no size huge");
    assertThat(refused.alternative()).contains("catalog.sizes()");
  }

  @Test
  void namesTheSmallestThatHasTheLeastWhereTheUsualOneIsNotThere() {
    InstanceSpec least = spec("16", InstanceSize.atLeast(2, DataSize.gib(8))).build();
    Plan.Entry refused =
        size(
            least,
            catalog(
                size("small", 1).build(),
                size("old", 2).versions(List.of("15.9")).build(),
                size("large", 4).build(),
                size("fitting", 3).build()));
    assertThat(refused.outcome()).isEqualTo(Plan.Outcome.REFUSED);
    assertThat(refused.text()).contains("has no size usual");
    assertThat(refused.alternative()).contains("named(\"fitting\")");
    assertThat(size(least, catalog(size(USUAL, 8).build())).outcome())
        .isEqualTo(Plan.Outcome.HONOURED);
  }

  @Test
  void refusesASizeThatDoesNotRunTheVersion() {
    Catalog catalog = catalog(size("a", 2).versions(List.of("17.1")).build());
    assertThat(size(spec("16", InstanceSize.named("a")).build(), catalog).text())
        .contains("not with postgresql 16");
    assertThat(size(spec("17", InstanceSize.named("A")).build(), catalog).outcome())
        .isEqualTo(Plan.Outcome.HONOURED);
  }

  @Test
  void refusesASizeWithoutAStandbyWhereOneIsAskedFor() {
    InstanceSpec regional =
        spec("16", InstanceSize.named("a")).availability(Availability.REGIONAL).build();
    // The table of this test has no row for it, which is another refusal.
    assertThat(size(regional, catalog(size("a", 2).regional(false).build())).text())
        .contains("not with a standby");
    assertThat(size(regional, catalog(size("a", 2).build())).outcome())
        .isEqualTo(Plan.Outcome.HONOURED);
  }

  @Test
  void decidesNothingWithoutACatalogAndTheCapabilitiesDoNotTellIt() {
    Plan.Entry undecided = size(spec("16", InstanceSize.named("huge")).build(), null);
    assertThat(undecided.outcome()).isEqualTo(Plan.Outcome.HONOURED);
    assertThat(undecided.text()).isEqualTo("huge (a catalog tells)");
    assertThat(TABLE.support(InstanceField.SIZE, FeatureContext.of(Engine.POSTGRESQL)).answer())
        .isEqualTo(Support.Answer.YES);
  }
}
