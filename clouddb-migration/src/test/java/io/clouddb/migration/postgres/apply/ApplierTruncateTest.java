/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.postgres.testing.Ends;
import org.junit.jupiter.api.Test;

/** Where the role may set replica role, foreign keys stand on the target while it is applied. */
class ApplierTruncateTest {
  @Test
  void emptiesPartitionsThatReferToAnotherTable() throws Exception {
    try (Ends ends = Ends.withReplicaRole(16, 16)) {
      ends.onBoth(
          "CREATE TABLE a (id int PRIMARY KEY)",
          "CREATE TABLE b (id int, a int, PRIMARY KEY (id)) PARTITION BY LIST (id)",
          "CREATE TABLE b_1 PARTITION OF b FOR VALUES IN (1)");
      ends.onSource("INSERT INTO a VALUES (1)", "INSERT INTO b VALUES (1, 1)");
      ends.copy(1, 1 << 20);
      ends.onBoth("ALTER TABLE b ADD FOREIGN KEY (a) REFERENCES a");
      try (Applier applier = ends.applier()) {
        ends.onSource("TRUNCATE a, b");
        ends.catchUp(applier);
        assertThat(ends.differences()).isEmpty();
      }
    }
  }

  @Test
  void emptiesPartitionsThatReferToTheirOwnTable() throws Exception {
    try (Ends ends = Ends.withReplicaRole(16, 16)) {
      ends.onBoth(
          "CREATE TABLE tree (id int PRIMARY KEY, up int) PARTITION BY RANGE (id)",
          "CREATE TABLE tree_1 PARTITION OF tree FOR VALUES FROM (1) TO (100)");
      ends.onSource("INSERT INTO tree VALUES (1, NULL), (2, 1)");
      ends.copy(1, 1 << 20);
      ends.onBoth("ALTER TABLE tree ADD FOREIGN KEY (up) REFERENCES tree");
      try (Applier applier = ends.applier()) {
        ends.onSource("TRUNCATE tree");
        ends.catchUp(applier);
        assertThat(ends.differences()).isEmpty();
      }
    }
  }
}
