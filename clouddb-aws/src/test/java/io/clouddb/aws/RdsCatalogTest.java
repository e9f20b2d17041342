/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudDb;
import io.clouddb.DataSize;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.instance.Catalog;
import io.clouddb.instance.CatalogSize;
import io.clouddb.instance.Engine;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSize;
import io.clouddb.plan.Plan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DescribeOrderableDbInstanceOptionsResponse;
import software.amazon.awssdk.services.rds.model.OrderableDBInstanceOption;
import software.amazon.awssdk.services.rds.model.RdsException;

/** The catalog of RDS, and the lists that it is read from, as the vendor's own client gets them. */
class RdsCatalogTest {
  private static final String CLASS = "db.t4g.medium";

  private static RdsTestCloud rds;
  private static CloudDb cloud;
  private static RdsClient client;
  private static Catalog catalog;

  @BeforeAll
  static void open() {
    rds = new RdsTestCloud();
    cloud = rds.open();
    client = cloud.unwrap(RdsClient.class);
    catalog = cloud.instances().catalog(Engine.POSTGRESQL);
  }

  @AfterAll
  static void close() {
    cloud.close();
    rds.close();
  }

  @Test
  void isReadOnLargePages() {
    assertThat(firstForm("DescribeOrderableDBInstanceOptions"))
        .containsEntry("Engine", "postgres")
        .containsEntry("Vpc", "true")
        .containsEntry("MaxRecords", "1000");
    assertThat(firstForm("DescribeDBEngineVersions")).containsEntry("MaxRecords", "100");
    assertThat(catalog.readAt()).isBeforeOrEqualTo(rds.clock().instant());
    assertThat(catalog.location()).isEqualTo(RdsTestCloud.REGION);
  }

  private static Map<String, String> firstForm(String action) {
    return RdsTestCloud.form(rds.simulator().requests(action).get(0));
  }

  @Test
  void saysWhatAClassHas() {
    CatalogSize medium = catalog.size(CLASS).orElseThrow();
    assertThat(medium.cpus()).contains(2);
    assertThat(medium.memory()).contains(DataSize.gib(4));
    assertThat(medium.zones()).contains(RdsTestCloud.REGION + "a");
    assertThat(medium.regional()).contains(true);
    assertThat(medium.runs("16")).isTrue();
    assertThat(medium.runs("13")).isFalse();
    assertThat(catalog.size("db.r6g.16xlarge").flatMap(CatalogSize::memory))
        .contains(DataSize.gib(512));
    // RDS does not tell, and neither does a rule.
    assertThat(catalog.size("db.x2g.large").flatMap(CatalogSize::cpus)).isEmpty();
  }

  @Test
  void prefersTheClassesOfTheTableThenLaterOnesAndBurstableOnesLast() {
    assertThat(catalog.atLeast(2, DataSize.gib(8)))
        .extracting(CatalogSize::name)
        .startsWith("db.m7g.large", "db.m6g.large", "db.t4g.large");
  }

  @Test
  void aPlanOfAChangeGoesByItToo() {
    Plan plan =
        cloud
            .instances()
            .planModify(
                InstanceChange.builder().size(InstanceSize.named("db.m4.large")).build(), catalog);
    assertThat(plan.entries(Plan.Outcome.REFUSED))
        .extracting(Plan.Entry::field)
        .containsExactly(InstanceField.SIZE);
    assertThat(plan.toString()).contains("db.m4.large", RdsTestCloud.REGION);
  }

  @Test
  void isRefusedInAnotherRegionAndOfAnotherEngine() {
    var there = cloud.in("us-east-1").instances();
    assertThatThrownBy(() -> there.plan(RdsTestCloud.spec("orders").build(), catalog))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining(RdsTestCloud.REGION)
        .hasMessageContaining("us-east-1");
    Catalog other =
        Catalog.builder("aws", RdsTestCloud.REGION, Engine.MYSQL, catalog.readAt()).build();
    assertThatThrownBy(() -> cloud.instances().plan(RdsTestCloud.spec("orders").build(), other))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("mysql");
  }

  @Test
  void theListHasPagesByMarker() {
    Set<String> seen = new HashSet<>();
    List<Integer> pages = new ArrayList<>();
    String marker = null;
    do {
      String from = marker;
      DescribeOrderableDbInstanceOptionsResponse page =
          client.describeOrderableDBInstanceOptions(
              request ->
                  request.engine("postgres").engineVersion("16.15").maxRecords(60).marker(from));
      pages.add(page.orderableDBInstanceOptions().size());
      page.orderableDBInstanceOptions()
          .forEach(
              option ->
                  assertThat(seen.add(option.dbInstanceClass() + option.storageType())).isTrue());
      marker = page.marker();
    } while (marker != null);
    assertThat(seen).hasSize(catalog.sizes().size() * 4);
    assertThat(pages.subList(0, pages.size() - 1)).containsOnly(60);
  }

  @Test
  void theListIsFilteredByVersionAndClass() {
    assertThat(
            client
                .describeOrderableDBInstanceOptions(
                    request ->
                        request.engine("postgres").engineVersion("17.11").dbInstanceClass(CLASS))
                .orderableDBInstanceOptions())
        .hasSize(4)
        .allSatisfy(option -> assertThat(option.engineVersion()).isEqualTo("17.11"))
        .extracting(OrderableDBInstanceOption::dbInstanceClass)
        .containsOnly(CLASS);
    assertThat(
            client
                .describeDBEngineVersions(request -> request.engine("postgres").engineVersion("16"))
                .dbEngineVersions())
        .singleElement()
        .satisfies(
            version -> {
              assertThat(version.engineVersion()).startsWith("16.");
              assertThat(version.dbParameterGroupFamily()).isEqualTo("postgres16");
              assertThat(version.status()).isEqualTo("available");
            });
  }

  @Test
  void theListsRefuseTooFewAndTooManyRecords() {
    for (int records : new int[] {19, 1001}) {
      assertThatThrownBy(
              () ->
                  client.describeOrderableDBInstanceOptions(
                      request -> request.engine("postgres").maxRecords(records)))
          .isInstanceOf(RdsException.class)
          .hasMessageContaining("between 20 and 1000");
    }
    assertThatThrownBy(
            () ->
                client.describeDBEngineVersions(
                    request -> request.engine("postgres").maxRecords(101)))
        .isInstanceOf(RdsException.class)
        .hasMessageContaining("between 20 and 100");
  }

  @Test
  void whatIsNotInTheListsIsNotMade() {
    assertThatThrownBy(() -> create("db.m7g", "16"))
        .isInstanceOf(RdsException.class)
        .hasMessageContaining("Invalid DB Instance class");
    assertThatThrownBy(() -> create(CLASS, "16.1"))
        .isInstanceOf(RdsException.class)
        .hasMessageContaining("Cannot find version 16.1");
  }

  private static void create(String instanceClass, String version) {
    client.createDBInstance(
        request ->
            request
                .dbInstanceIdentifier("orders")
                .engine("postgres")
                .engineVersion(version)
                .dbInstanceClass(instanceClass)
                .allocatedStorage(20)
                .masterUsername("app_admin")
                .masterUserPassword("correct-horse-battery"));
  }
}
