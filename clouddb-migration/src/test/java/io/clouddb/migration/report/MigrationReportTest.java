/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.InvalidArgumentException;
import org.junit.jupiter.api.Test;

class MigrationReportTest {
  @Test
  void goesThroughJsonAndBackUnchanged() {
    MigrationReport report = SampleReports.completed();

    MigrationReport read = MigrationReport.fromJson(report.toJson());

    assertThat(read).isEqualTo(report);
    assertThat(read.steps()).isEqualTo(report.steps());
    assertThat(read.tables()).isEqualTo(report.tables());
    assertThat(read.samples()).isEqualTo(report.samples());
    assertThat(read.findings()).isEqualTo(report.findings());
    assertThat(read.writePauseMillis()).isEqualTo(213);
    assertThat(read.pauseParts()).containsExactlyEntriesOf(report.pauseParts());
    assertThat(read.pauseParts()).hasSize(4);
  }

  @Test
  void readsAReportFromBeforeThePausesPartsWereInIt() {
    String json = SampleReports.completed().toJson();
    String older = json.replaceFirst("(?s)\"pauseParts\" : \\{.*?\\},", "");
    assertThat(older).isNotEqualTo(json);

    assertThat(MigrationReport.fromJson(older).pauseParts()).isEmpty();
  }

  @Test
  void keepsTheFailureAndTheNextStep() {
    MigrationReport read =
        MigrationReport.fromJson(SampleReports.failed("The \"slot\" is lost").toJson());

    assertThat(read.status()).isEqualTo(MigrationReport.Status.FAILED);
    assertThat(read.failure()).contains("The \"slot\" is lost");
    assertThat(read.nextStep()).contains("The \"slot\" is lost");
  }

  @Test
  void refusesAnUnknownField() {
    String json = SampleReports.completed().toJson();

    assertThatThrownBy(
            () -> MigrationReport.fromJson(json.replaceFirst("\\{", "{ \"surprise\": 1,")))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("surprise");
    assertThatThrownBy(
            () ->
                MigrationReport.fromJson(
                    json.replaceFirst("\"outcome\"", "\"more\" : 1, \"outcome\"")))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("more");
  }

  @Test
  void refusesAnotherVersion() {
    String json = SampleReports.completed().toJson();

    assertThatThrownBy(
            () ->
                MigrationReport.fromJson(
                    json.replace("\"schemaVersion\" : 1", "\"schemaVersion\" : 99")))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("version");
  }
}
