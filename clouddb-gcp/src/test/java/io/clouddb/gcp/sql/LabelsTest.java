/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.Settings;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What this library writes on an instance, and reads from it again. */
class LabelsTest {
  @ParameterizedTest
  @ValueSource(strings = {"shop", "Shop", "myShop", "my_shop2", "ORDERS"})
  void aDatabasesNameIsReadAsItWasWritten(String database) {
    Map<String, String> labels = Labels.of(Map.of(), "attempt-1", "app_admin", database);
    assertThat(Labels.whyNot(labels)).as("Google takes them").isEmpty();
    assertThat(Labels.database(labels)).contains(database);
    assertThat(Labels.admin(labels)).contains("app_admin");
    assertThat(Labels.attempt(labels)).contains("attempt-1");
  }

  @ParameterizedTest
  @CsvSource({"63, true", "64, false"})
  void aNameThatIsTooLongForALabelIsLeftOut(int length, boolean isThere) {
    Map<String, String> labels = Labels.of(Map.of(), "a", "admin", "d".repeat(length));
    assertThat(Labels.database(labels).isPresent()).isEqualTo(isThere);
  }

  @Test
  void thoseOfTheCallerAreBesideThem() {
    assertThat(Labels.of(Map.of("team", "shop"), "attempt-1", "app_admin", null))
        .isEqualTo(
            Map.of("team", "shop", "clouddb-attempt", "attempt-1", "clouddb-admin", "app_admin"));
    assertThat(Labels.database(Map.of())).isEmpty();
    assertThat(Labels.admin(Map.of())).isEmpty();
    assertThat(Labels.attempt(Map.of())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Team", "1team", "_team", "te am"})
  void aKeyIsGooglesOrNone(String key) {
    assertThat(Labels.whyNot(Map.of(key, "a"))).get().asString().contains("no label's key");
  }

  @Test
  void valuesMayBeEmptyAndHaveSixtyThreeCharacters() {
    assertThat(Labels.whyNot(Map.of("k".repeat(63), "v".repeat(63), "a", ""))).isEmpty();
    assertThat(Labels.whyNot(Map.of("k".repeat(64), "v"))).isPresent();
    assertThat(Labels.whyNot(Map.of("k", "v".repeat(64))))
        .get()
        .asString()
        .contains("value of 'k'");
  }

  private static DatabaseInstance source(String name) {
    return new DatabaseInstance()
        .setName(name)
        .setRegion("us-central1")
        .setSettings(
            new Settings()
                .setUserLabels(
                    Map.of(
                        "clouddb-attempt", "its-own",
                        "clouddb-admin", "app_admin",
                        "clouddb-database", "shop",
                        "team", "shop")));
  }

  @Test
  void aReplicaSaysWhatItFollowsAndWhoLogsIn() {
    Map<String, String> labels = new TreeMap<>(Map.of("team", "readers"));
    Labels.ofReplica(labels, "attempt-2", source("orders"));
    assertThat(labels)
        .isEqualTo(
            Map.of(
                "team", "readers",
                "clouddb-attempt", "attempt-2",
                "clouddb-admin", "app_admin",
                "clouddb-database", "shop",
                "clouddb-source", "orders",
                "clouddb-source-region", "us-central1"));
    DatabaseInstance replica =
        new DatabaseInstance()
            .setMasterInstanceName("shop-project:orders")
            .setSettings(new Settings().setUserLabels(labels));
    assertThat(Labels.sourceRegion(replica)).contains("us-central1");
    assertThat(Labels.sourceRegion(replica.setMasterInstanceName("shop-project:orders-dr")))
        .as("it follows another one by now")
        .isEmpty();
  }

  @Test
  void ofASourceWithoutLabelsNothingIsKnown() {
    Map<String, String> labels = new TreeMap<>();
    Labels.ofReplica(labels, "a", source("orders").setSettings(null));
    assertThat(labels)
        .containsOnlyKeys("clouddb-attempt", "clouddb-source", "clouddb-source-region");
  }

  @ParameterizedTest
  @CsvSource({"63, true", "64, false"})
  void aSourceWhoseNameIsTooLongForALabelIsLeftOut(int length, boolean isThere) {
    Map<String, String> labels = new TreeMap<>();
    Labels.ofReplica(labels, "a", source("s".repeat(length)));
    assertThat(labels.containsKey("clouddb-source-region")).isEqualTo(isThere);
  }
}
