/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.postgres.testing.Ends;
import io.clouddb.migration.postgres.testing.EveryType;
import io.clouddb.migration.postgres.validate.Validation;
import io.clouddb.migration.postgres.validate.ValidationResult;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EveryTypeTest {
  @ParameterizedTest
  @CsvSource("14,18,f")
  void staysAsItIs(int from, int to, char identity) throws Exception {
    check(from, to, identity);
  }

  @ParameterizedTest
  @Tag("slow")
  @CsvSource({"14,14,f", "14,18,d", "16,16,d", "15,17,f", "18,18,f"})
  void staysAsItIsOnOtherVersionsToo(int from, int to, char identity) throws Exception {
    check(from, to, identity);
  }

  private static void check(int from, int to, char identity) throws Exception {
    try (Ends ends = Ends.of(from, to)) {
      // Other numbers for the types on the target.
      ends.onTarget("CREATE TYPE earlier AS ENUM ('x')", "CREATE TABLE earlier_too (a int)");
      ends.onBoth(EveryType.schema());
      ends.onTarget("DROP TABLE earlier_too");
      if (identity == 'f') {
        // Without a key on either side: rows are found by all their columns.
        ends.onBoth(EveryType.onEach("ALTER TABLE %s DROP CONSTRAINT %s_pkey"));
        ends.onSource(EveryType.onEach("ALTER TABLE %s REPLICA IDENTITY FULL"));
      }
      ends.onSource(EveryType.inserts(1));
      ends.copy(2, 64 << 20);
      assertThat(ends.differences()).isEmpty();
      try (Applier applier = ends.applier()) {
        ends.onSource(EveryType.inserts(100));
        ends.onSource(EveryType.onEach("UPDATE %s SET v = NULL WHERE id = 1"));
        ends.onSource(
            EveryType.onEach("UPDATE %s SET v = (SELECT v FROM %s WHERE id = 100) WHERE id = 1"));
        ends.onSource(EveryType.onEach("UPDATE %s SET id = id + 1000 WHERE id > 1 AND id < 100"));
        ends.onSource(EveryType.onEach("DELETE FROM %s WHERE id > 100 AND id < 200"));
        ends.catchUp(applier);
        assertThat(ends.differences()).isEmpty();
        ValidationResult result =
            Validation.between(ends.source(), ends.target(), "test")
                .build()
                .run(applier, ends.tables());
        assertThat(result.mismatches()).isEmpty();
        assertThat(result.rows()).isGreaterThan(150);
      }
    }
  }
}
