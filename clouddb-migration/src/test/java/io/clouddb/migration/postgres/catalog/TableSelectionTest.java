/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.clouddb.error.InvalidArgumentException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TableSelectionTest {
  @ParameterizedTest
  @CsvSource({
    "public.*, public, orders, true",
    "public.*, Public, orders, false",
    "public.order*, public, orders, true",
    "public.order*, public, reorders, false",
    "*.*, anything, at all, true",
    "*.*, pg_catalog, pg_class, false",
    "*.*, information_schema, tables, false",
    "*.*, clouddb_migration, position, false",
    "*.*, clouddb_route, route, false",
    "*.*, clouddb_state, journal, false",
    "s*s.t*e, sales, table, true",
    "'\"we.ird\".\"*\"', we.ird, *, true",
    "'\"we.ird\".\"*\"', we.ird, other, false",
    "'\"a\"\"b\".t', 'a\"b', t, true",
    "public.a(b, public, a(b, true",
    "public.\\E, public, \\E, true",
    "public.o?ders, public, orders, false",
    "public.*ab*ab, public, xabyab, true",
    "public.*ab*ab, public, xabyabz, false",
    "public.a**b, public, ab, true",
    "public.a*, public, a, true",
    "public.*aa, public, a, false",
    "\uD83D\uDE00*.\uD83D\uDE00\uD83D\uDE01, \uD83D\uDE00, \uD83D\uDE00\uD83D\uDE01, true",
    "\uD83D\uDE00*.*, \uD83D\uDE01, t, false",
    "*\uDE00.*, \uD83D\uDE00, t, false",
    "*\uD83D*.*, \uD83D\uDE00, t, false",
    "'public.\"\uD83D\uDE00.*\"', public, \uD83D\uDE00.*, true"
  })
  void patternsMatchNamesAsTheyAre(String pattern, String schema, String table, boolean matches) {
    assertThat(TableSelection.of(pattern).includes(new TableName(schema, table)))
        .isEqualTo(matches);
  }

  @ParameterizedTest
  @ValueSource(strings = {"orders", "a.b.c", "", ".", "public.", ".orders", "\"public.orders"})
  void otherFormsAreRefused(String pattern) {
    assertThatThrownBy(() -> TableSelection.of(pattern))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("schema.table");
  }

  @Test
  void noPatternIsRefused() {
    assertThatThrownBy(() -> TableSelection.of(List.of()))
        .isInstanceOf(InvalidArgumentException.class);
  }

  @Test
  void schemaIsSelectedAsAWholeByAStarOnly() {
    TableSelection selection = TableSelection.of("sales.*", "public.order*", "x.\"*\"");
    assertThat(selection.includesSchema("sales")).isTrue();
    assertThat(selection.includesSchema("public")).isFalse();
    assertThat(selection.includesSchema("x")).isFalse();
    assertThat(selection.includesEverything()).isFalse();
    assertThat(TableSelection.all().includesEverything()).isTrue();
    assertThat(TableSelection.of(selection.patterns())).isEqualTo(selection);
  }

  @Test
  void looksAtANameOnceForAPatternOfManyStars() {
    TableSelection selection = TableSelection.of("*.*" + "a*".repeat(200) + "b");
    TableName longest = new TableName("public", "a".repeat(63));
    assertTimeoutPreemptively(
        Duration.ofSeconds(10), () -> assertThat(selection.includes(longest)).isFalse());
    assertThat(TableSelection.of("*.*a*a*a*b").includes(new TableName("public", "xayazab")))
        .isTrue();
    assertThat(TableSelection.of("s.**").includesSchema("s")).isTrue();
    assertThat(TableSelection.of("**.**").includesEverything()).isTrue();
  }

  @Test
  void namesAreToldApartInMessages() {
    assertThat(new TableName("public", "No Columns \u00FC"))
        .hasToString("public.No Columns \u00FC");
    assertThat(new TableName("a.b", "c")).hasToString("\"a.b\".c");
    assertThat(new TableName("a", "b.c")).hasToString("a.\"b.c\"");
    assertThat(new TableName("a", "b\"\n\\n\u202E")).hasToString("a.\"b\"\"\\u000a\\\\n\\u202e\"");
  }
}
