/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.instance.Engine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How Cloud SQL spells versions. */
class EngineVersionTest {
  @ParameterizedTest
  @CsvSource({
    "POSTGRES_16, postgresql, 16",
    "POSTGRES_16_3, postgresql, 16.3",
    "POSTGRES_9_6_24, postgresql, 9.6.24",
    "MYSQL_8_0_37, mysql, 8.0.37",
    "SQLSERVER_2022_STANDARD, sqlserver, 2022.STANDARD",
    "ORACLE_23, oracle, 23",
    // What is no such word is given as it is.
    "POSTGRES, postgresql, POSTGRES"
  })
  void anEngineAndItsVersionAreOneWord(String word, String engine, String version) {
    assertThat(EngineVersion.engine(word)).isEqualTo(new Engine(engine));
    assertThat(EngineVersion.version(word)).isEqualTo(version);
  }

  @ParameterizedTest
  @CsvSource({"16, 16", "16.4, 16", "9.6, 9.6", "9.6.24, 9.6", "9, 9", "10.1, 10"})
  void aMajorVersionOfNineHasTwoParts(String version, String major) {
    assertThat(EngineVersion.major(version)).isEqualTo(major);
  }

  @ParameterizedTest
  @CsvSource({"9.6, POSTGRES_9_6", "16, POSTGRES_16", "16.4, ", "19, ", "9.5, "})
  void onlyMajorVersionsThatThereAreCanBeAskedFor(String version, String word) {
    assertThat(EngineVersion.databaseVersion(version).orElse(null)).isEqualTo(word);
  }

  @Test
  void theyAreOfferedInTheirOrder() {
    assertThat(EngineVersion.offered())
        .containsExactly("9.6", "10", "11", "12", "13", "14", "15", "16", "17", "18");
    assertThat(EngineVersion.number("9.6")).isEqualTo(9);
  }
}
