/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.report;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Builds a {@link MigrationReport}. */
public final class MigrationReportBuilder {
  final String id;
  final MigrationReport.Status status;
  String source = "";
  String target = "";
  Instant startedAt = Instant.EPOCH;
  Instant endedAt = Instant.EPOCH;
  long rowsCopied;
  long changesApplied;
  long rowsValidated;
  long mismatches;
  long writePauseMillis;
  Map<String, Long> pauseParts = Map.of();
  List<StepReport> steps = List.of();
  List<TableReport> tables = List.of();
  List<Sample> samples = List.of();
  List<FindingReport> findings = List.of();
  List<String> leftBehind = List.of();
  @Nullable String failure;
  @Nullable String nextStep;

  MigrationReportBuilder(String id, MigrationReport.Status status) {
    this.id = Objects.requireNonNull(id, "id");
    this.status = Objects.requireNonNull(status, "status");
  }

  /**
   * Sets source.
   *
   * @param value the database that was migrated: host, port, name and version; no credential
   * @return this builder
   */
  public MigrationReportBuilder source(String value) {
    this.source = Objects.requireNonNull(value, "source");
    return this;
  }

  /**
   * Sets target.
   *
   * @param value the database that it was migrated to, in the same form
   * @return this builder
   */
  public MigrationReportBuilder target(String value) {
    this.target = Objects.requireNonNull(value, "target");
    return this;
  }

  /**
   * Sets startedAt.
   *
   * @param value when the run began
   * @return this builder
   */
  public MigrationReportBuilder startedAt(Instant value) {
    this.startedAt = Objects.requireNonNull(value, "startedAt");
    return this;
  }

  /**
   * Sets endedAt.
   *
   * @param value when the run ended
   * @return this builder
   */
  public MigrationReportBuilder endedAt(Instant value) {
    this.endedAt = Objects.requireNonNull(value, "endedAt");
    return this;
  }

  /**
   * Sets rowsCopied.
   *
   * @param value rows that the copy brought over
   * @return this builder
   */
  public MigrationReportBuilder rowsCopied(long value) {
    this.rowsCopied = value;
    return this;
  }

  /**
   * Sets changesApplied.
   *
   * @param value changes of rows that were applied after the copy
   * @return this builder
   */
  public MigrationReportBuilder changesApplied(long value) {
    this.changesApplied = value;
    return this;
  }

  /**
   * Sets rowsValidated.
   *
   * @param value rows of the source that were compared with the target's
   * @return this builder
   */
  public MigrationReportBuilder rowsValidated(long value) {
    this.rowsValidated = value;
    return this;
  }

  /**
   * Sets mismatches.
   *
   * @param value rows that differed, were missing or were too many
   * @return this builder
   */
  public MigrationReportBuilder mismatches(long value) {
    this.mismatches = value;
    return this;
  }

  /**
   * Sets writePauseMillis.
   *
   * @param value how long the application could not write: from the moment that it was asked to
   *     pause to the moment that the route was switched, in milliseconds; 0 when there was no
   *     cutover
   * @return this builder
   */
  public MigrationReportBuilder writePauseMillis(long value) {
    this.writePauseMillis = value;
    return this;
  }

  /**
   * Sets pauseParts.
   *
   * @param value what the write pause was made of, in order: name to milliseconds
   * @return this builder
   */
  public MigrationReportBuilder pauseParts(Map<String, Long> value) {
    this.pauseParts = new LinkedHashMap<>(value);
    return this;
  }

  /**
   * Sets steps.
   *
   * @param value how each step went, in order
   * @return this builder
   */
  public MigrationReportBuilder steps(List<StepReport> value) {
    this.steps = List.copyOf(value);
    return this;
  }

  /**
   * Sets tables.
   *
   * @param value what became of each table
   * @return this builder
   */
  public MigrationReportBuilder tables(List<TableReport> value) {
    this.tables = List.copyOf(value);
    return this;
  }

  /**
   * Sets samples.
   *
   * @param value throughput and lag over time
   * @return this builder
   */
  public MigrationReportBuilder samples(List<Sample> value) {
    this.samples = List.copyOf(value);
    return this;
  }

  /**
   * Sets findings.
   *
   * @param value what preflight found that did not stop the migration
   * @return this builder
   */
  public MigrationReportBuilder findings(List<FindingReport> value) {
    this.findings = List.copyOf(value);
    return this;
  }

  /**
   * Sets leftBehind.
   *
   * @param value what the migration made and did not remove, each in a sentence that says where it
   *     is
   * @return this builder
   */
  public MigrationReportBuilder leftBehind(List<String> value) {
    this.leftBehind = List.copyOf(value);
    return this;
  }

  /**
   * Sets failure.
   *
   * @param value what went wrong
   * @return this builder
   */
  public MigrationReportBuilder failure(@Nullable String value) {
    this.failure = value;
    return this;
  }

  /**
   * Sets nextStep.
   *
   * @param value what to do next
   * @return this builder
   */
  public MigrationReportBuilder nextStep(@Nullable String value) {
    this.nextStep = value;
    return this;
  }

  /**
   * Finishes the report.
   *
   * @return the report
   */
  public MigrationReport build() {
    return new MigrationReport(this);
  }
}
