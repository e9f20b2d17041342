/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.InvalidArgumentException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  /** Each of these was read as something, or ended the reader. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "rowsCopied | \"7\"",
        "rowsCopied | 1e3",
        "rowsCopied | 7.0",
        "mismatches | 9223372036854775808",
        "id | 5",
        "status | 0",
        "status | \"WON\"",
        "startedAt | \"+1000000000-12-31T23:59:59Z\"",
        "endedAt | \"yesterday\"",
        "endedAt | 5",
        "lagBytes | 1.5",
        "copiedPerSecond | \"9\"",
        "copiedPerSecond | 1e999",
        "details | null",
      })
  void refusesAWrongFormByTheFieldsName(String field, String value) {
    String json = SampleReports.completed().toJson();
    String broken =
        json.replaceFirst(
            "\"" + field + "\" : (\"[^\"]*\"|[-0-9.E]+)", "\"" + field + "\" : " + value);
    assertThat(broken).isNotEqualTo(json);

    assertThatThrownBy(() -> MigrationReport.fromJson(broken))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining(field);
  }

  @Test
  void refusesWhatIsNoObjectOrHasMoreBehindIt() {
    String json = SampleReports.completed().toJson();
    for (String text : List.of("", "null", "[]", "7", json + "{}", "[".repeat(100_000))) {
      assertThatThrownBy(() -> MigrationReport.fromJson(text))
          .isInstanceOf(InvalidArgumentException.class);
    }
  }

  @Test
  void drawsAMigrationThatTookAThousandYears() {
    String json = SampleReports.completed().toJson();
    String aeons = json.replaceFirst("\"endedAt\" : \"[0-9]{4}", "\"endedAt\" : \"2999");
    assertThat(aeons).isNotEqualTo(json);

    assertThat(HtmlReport.of(MigrationReport.fromJson(aeons)).toHtml().length())
        .isLessThan(2 * HtmlReport.of(SampleReports.completed()).toHtml().length());
    assertThat(
            HtmlReport.of(
                    MigrationReport.builder("shop", MigrationReport.Status.COMPLETED)
                        .startedAt(Instant.parse("0001-01-01T00:00:00Z"))
                        .endedAt(Instant.parse("9999-12-31T23:59:59Z"))
                        .build())
                .toHtml())
        .contains("</html>");
  }
}
