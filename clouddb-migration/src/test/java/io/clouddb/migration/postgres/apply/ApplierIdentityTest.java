/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.postgres.testing.Ends;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables whose rows are found by all their columns. */
class ApplierIdentityTest {
  /** Such a table has to have REPLICA IDENTITY FULL, as preflight says. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void followsKeysThatAreSwappedWhereTheKeyIsDeferrable(boolean replicaRole) throws Exception {
    try (Ends ends = replicaRole ? Ends.withReplicaRole(16, 16) : Ends.of(16, 16)) {
      ends.onBoth("CREATE TABLE places (place int PRIMARY KEY DEFERRABLE, who text)");
      ends.onSource(
          "ALTER TABLE places REPLICA IDENTITY FULL",
          "INSERT INTO places VALUES (1, 'a'), (2, 'b')");
      ends.copy(1, 1 << 20);
      try (Applier applier = ends.applier()) {
        ends.onSource("UPDATE places SET place = 3 - place");
        ends.catchUp(applier);
        assertThat(ends.differences()).isEmpty();
      }
    }
  }

  @Test
  void findsRowsByNamesOfTables() throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      ends.onBoth(
          "CREATE TABLE named (id int PRIMARY KEY)", "CREATE TABLE audit (t regclass, v int)");
      ends.onSource(
          "ALTER TABLE audit REPLICA IDENTITY FULL",
          "INSERT INTO audit VALUES ('named', 1), ('pg_class', 1)");
      ends.copy(1, 1 << 20);
      try (Applier applier = ends.applier()) {
        ends.onSource("UPDATE audit SET v = 2");
        ends.catchUp(applier);
        assertThat(ends.differences()).isEmpty();
      }
    }
  }

  @Test
  void findsRowsByAKeyThatNamesTables() throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      ends.onBoth(
          "CREATE TABLE named (id int PRIMARY KEY)",
          "CREATE TABLE config (t regclass PRIMARY KEY, v int)");
      ends.onSource("INSERT INTO config VALUES ('named', 1), ('pg_class', 1)");
      ends.copy(1, 1 << 20);
      try (Applier applier = ends.applier()) {
        ends.onSource("UPDATE config SET v = 2");
        ends.catchUp(applier);
        assertThat(ends.differences()).isEmpty();
      }
    }
  }
}
