/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.InvalidArgumentException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataSizeTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 GiB",
    "1, 1 B",
    "1048575, 1048575 B",
    "1048576, 1 MiB",
    "1572864, 1572864 B",
    "1572864000, 1500 MiB",
    "107374182400, 100 GiB"
  })
  void isShownInTheLargestUnitThatHasNoFraction(long bytes, String shown) {
    assertThat(new DataSize(bytes)).hasToString(shown);
  }

  @Test
  void isTakenAndGivenInItsUnits() {
    assertThat(DataSize.mib(1536).bytes()).isEqualTo(1_610_612_736);
    assertThat(DataSize.mib(1536).toGib()).isEqualTo(1.5);
    assertThat(DataSize.gib(3).toGibExact()).isEqualTo(3);
    assertThat(DataSize.gib(0).toGibExact()).isZero();
    assertThat(DataSize.gib(0)).isEqualTo(DataSize.mib(0));
  }

  @Test
  void aFractionIsNotRoundedToGibibytes() {
    assertThatThrownBy(DataSize.mib(1536)::toGibExact)
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("1536 MiB is not a whole number of gibibytes");
  }

  @Test
  void isOrderedByItsBytes() {
    assertThat(DataSize.gib(1)).isGreaterThan(DataSize.mib(1023));
    assertThat(DataSize.gib(1)).isEqualByComparingTo(DataSize.mib(1024));
  }
}
