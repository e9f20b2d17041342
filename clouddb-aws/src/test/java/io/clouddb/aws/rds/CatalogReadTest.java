/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.DataSize;
import io.clouddb.aws.RdsTestCloud;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.UnsupportedFeatureException;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.rds.model.AvailabilityZone;
import software.amazon.awssdk.services.rds.model.DBEngineVersion;
import software.amazon.awssdk.services.rds.model.DescribeDbEngineVersionsRequest;
import software.amazon.awssdk.services.rds.model.DescribeDbEngineVersionsResponse;
import software.amazon.awssdk.services.rds.model.DescribeOrderableDbInstanceOptionsRequest;
import software.amazon.awssdk.services.rds.model.DescribeOrderableDbInstanceOptionsResponse;
import software.amazon.awssdk.services.rds.model.OrderableDBInstanceOption;

/** What a catalog makes of the lists of RDS, and a plan of the catalog. */
class CatalogReadTest {
  private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");

  private final AnsweringRds rds = new AnsweringRds();

  private static OrderableDBInstanceOption option(
      @Nullable String name, @Nullable String version, boolean multiAz, String... zones) {
    return OrderableDBInstanceOption.builder()
        .dbInstanceClass(name)
        .engineVersion(version)
        .multiAZCapable(multiAz)
        .availabilityZones(
            Stream.of(zones).map(zone -> AvailabilityZone.builder().name(zone).build()).toList())
        .build();
  }

  private static DBEngineVersion version(String version, @Nullable String status) {
    return DBEngineVersion.builder().engineVersion(version).status(status).build();
  }

  private Catalog read() {
    rds.answers(
            DescribeOrderableDbInstanceOptionsResponse.builder()
                .marker("more")
                .orderableDBInstanceOptions(
                    option("db.x2g.large", "16.4", false, "eu-west-1b"),
                    option("db.m7g.large", "16.4", false, "eu-west-1b", "eu-west-1a"),
                    option(null, "16.4", true),
                    option("db.m5.large", null, true)))
        .answers(
            DescribeOrderableDbInstanceOptionsResponse.builder()
                .orderableDBInstanceOptions(
                    option("db.m7g.large", "17.1", true, "eu-west-1c"),
                    option("db.t4g.medium", "16.4", true, "eu-west-1a")))
        .answers(
            DescribeDbEngineVersionsResponse.builder()
                .marker("")
                .dbEngineVersions(
                    version("16.4", "available"),
                    version("13.9", "deprecated"),
                    version("17.1", null)));
    return new RdsCatalog("aws", "eu-west-1", rds.calls()).read(Engine.POSTGRESQL, NOW);
  }

  @Test
  void aClassHasTheVersionsAndZonesOfAllItsOptions() {
    Catalog catalog = read();
    assertThat(catalog.location()).isEqualTo("eu-west-1");
    assertThat(catalog.readAt()).isEqualTo(NOW);
    assertThat(catalog.source()).contains("DescribeOrderableDBInstanceOptions");
    assertThat(catalog.sizes())
        .as("the table's first; what has no name or version is no offer")
        .extracting(CatalogSize::name)
        .containsExactly("db.m7g.large", "db.t4g.medium", "db.x2g.large");
    CatalogSize large = catalog.size("db.m7g.large").orElseThrow();
    assertThat(large.versions()).containsExactly("16.4", "17.1");
    assertThat(large.zones()).containsExactly("eu-west-1a", "eu-west-1b", "eu-west-1c");
    assertThat(large.regional()).as("in one of its options").contains(true);
    assertThat(large.cpus()).contains(2);
    assertThat(large.memory()).contains(DataSize.gib(8));
    CatalogSize unknown = catalog.size("db.x2g.large").orElseThrow();
    assertThat(unknown.regional()).contains(false);
    assertThat(unknown.cpus()).isEmpty();
    assertThat(unknown.memory()).isEmpty();
    assertThat(catalog.versions())
        .containsExactlyInAnyOrder(
            new CatalogVersion("16.4", "available", false),
            new CatalogVersion("13.9", "deprecated", true),
            new CatalogVersion("17.1", "", false));
    assertThat(rds.sent(DescribeOrderableDbInstanceOptionsRequest.class))
        .extracting(
            DescribeOrderableDbInstanceOptionsRequest::engine,
            DescribeOrderableDbInstanceOptionsRequest::marker,
            DescribeOrderableDbInstanceOptionsRequest::maxRecords)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("postgres", null, 1000),
            org.assertj.core.groups.Tuple.tuple("postgres", "more", 1000));
    assertThat(rds.sent(DescribeDbEngineVersionsRequest.class)).hasSize(1);
  }

  @Test
  void aListThatGoesInCirclesIsAnError() {
    rds.answers(DescribeOrderableDbInstanceOptionsResponse.builder().marker("again"));
    assertThatThrownBy(
            () -> new RdsCatalog("aws", "eu-west-1", rds.calls()).read(Engine.POSTGRESQL, NOW))
        .isInstanceOf(CloudDbException.class)
        .hasMessageContaining("same page of a list twice");
    assertThat(rds.sent(DescribeOrderableDbInstanceOptionsRequest.class)).hasSize(2);
  }

  @Test
  void ofAnotherEngineThereIsNone() {
    assertThatThrownBy(
            () -> new RdsCatalog("aws", "eu-west-1", rds.calls()).read(Engine.MYSQL, NOW))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("mysql");
  }

  private static InstanceSpec.Builder spec(String version) {
    return InstanceSpec.builder("orders", Engine.POSTGRESQL, version)
        .size(InstanceSize.atLeast(2, DataSize.gib(8)))
        .storage(Storage.ssd(DataSize.gib(20)))
        .admin(AdminLogin.of("app_admin", SecretRef.environment("PW")));
  }

  private static Plan.Entry entry(Plan plan, InstanceField field) {
    return plan.entries().stream().filter(e -> e.field() == field).findFirst().orElseThrow();
  }

  @Test
  void aPlanGoesByTheCatalogWhereThereIsOne() {
    Catalog catalog = read();
    RdsFields fields = new RdsFields("aws");
    assertThat(fields.plan(spec("16.4").build(), catalog).feasible()).isTrue();
    assertThat(fields.plan(spec("16.4").build(), catalog).toString())
        .as("there is no doubt left")
        .doesNotContain("a catalog tells");

    Plan.Entry version =
        entry(fields.plan(spec("16.9").build(), catalog), InstanceField.ENGINE_VERSION);
    assertThat(version.outcome()).isEqualTo(Plan.Outcome.REFUSED);
    assertThat(version.text()).contains("has no postgresql 16.9");
    assertThat(version.alternative()).contains("16.4", "17.1");

    Plan.Entry size =
        entry(
            fields.plan(
                spec("16.4").size(InstanceSize.atLeast(16, DataSize.gib(64))).build(), catalog),
            InstanceField.SIZE);
    assertThat(size.outcome()).isEqualTo(Plan.Outcome.REFUSED);
    assertThat(size.text()).contains("has no size db.m7g.4xlarge");

    InstanceSpec unknown = spec("16.4").size(InstanceSize.named("db.x2g.large")).build();
    assertThat(entry(fields.plan(unknown), InstanceField.SIZE).text()).contains("a catalog tells");
    assertThat(entry(fields.plan(unknown, catalog), InstanceField.SIZE).text())
        .isEqualTo("db.x2g.large");
    InstanceSpec regional =
        RdsTestCloud.spec("orders")
            .size(InstanceSize.named("db.x2g.large"))
            .availability(Availability.REGIONAL)
            .build();
    assertThat(entry(fields.plan(regional, catalog), InstanceField.SIZE).text())
        .contains("not with a standby in another zone");
  }

  /** What is too large for the table may be in the catalog. */
  @Test
  void theCatalogSaysWhatDoesInstead() {
    Catalog large =
        Catalog.builder("aws", "eu-west-1", Engine.POSTGRESQL, NOW)
            .sizes(
                java.util.List.of(
                    CatalogSize.builder("db.r7i.48xlarge")
                        .cpus(192)
                        .memory(DataSize.gib(1536))
                        .versions(java.util.List.of("16.4"))
                        .build()))
            .versions(java.util.List.of(new CatalogVersion("16.4", "available", false)))
            .build();
    InstanceSpec huge = spec("16.4").size(InstanceSize.atLeast(100, DataSize.gib(600))).build();
    RdsFields fields = new RdsFields("aws");
    assertThat(entry(fields.plan(huge, large), InstanceField.SIZE).alternative())
        .contains("InstanceSize.named(\"db.r7i.48xlarge\")");
    assertThat(entry(fields.plan(huge), InstanceField.SIZE).alternative())
        .isEqualTo("InstanceSize.named(\"db....\")");
  }
}
