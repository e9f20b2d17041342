/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written into a backup's description, and read from it again. */
class BackupDescriptionTest {
  @Test
  void aPersonReadsIt() {
    BackupDescription manual =
        new BackupDescription(
            "orders-manual-20261129-031500",
            Map.of("Type", "Manual", "CreatedDate", "2026-11-29T03:15:00Z"),
            "1f0c");
    assertThat(manual.text())
        .isEqualTo(
            "orders-manual-20261129-031500; CreatedDate=2026-11-29T03:15:00Z; Type=Manual;"
                + " clouddb-attempt=1f0c");
    assertThat(BackupDescription.read(manual.text())).contains(manual);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "a b",
        " led and followed ",
        "a; b=c",
        "100 %",
        "%41",
        "line\nline\ttab",
        "$1 and \\2",
        "\u0085\u007f",
        "ü €",
        "a;",
        "; clouddb-attempt=other"
      })
  void whateverATagSaysIsReadAsItWasWritten(String value) {
    BackupDescription written =
        new BackupDescription("nightly", Map.of("why", value, "k" + value, "v"), "attempt-1");
    assertThat(BackupDescription.read(written.text())).contains(written);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nightly",
        "before the release",
        "nightly; team=shop",
        "nightly; clouddb-attempt=a; more",
        "nightly; clouddb-attempt=a; team=shop",
        "nightly; =a; clouddb-attempt=b"
      })
  void whatSomebodyElseWroteIsNone(String text) {
    assertThat(BackupDescription.read(text)).isEmpty();
  }

  @Test
  void whatIsNotToldIsNone() {
    assertThat(BackupDescription.read(null)).isEmpty();
  }
}
