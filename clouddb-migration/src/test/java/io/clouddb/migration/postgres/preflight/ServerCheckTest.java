/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is asked of the driver; the rest of the check is in {@code PreflightTest}. */
class ServerCheckTest {
  @ParameterizedTest
  @CsvSource({
    "42.2.29, true",
    "42.6.2, true",
    "42.7.5, true",
    "42.7.6, false",
    "42.7.14, false",
    "42.10.0, false",
    "43.0.0, false",
    "42.7.6.jre7, false",
    "unknown, false"
  })
  void aDriverThatCannotLeaveTheFlushToUsIsTooOld(String version, boolean tooOld) {
    assertThat(ServerCheck.isTooOld(version)).isEqualTo(tooOld);
  }
}
