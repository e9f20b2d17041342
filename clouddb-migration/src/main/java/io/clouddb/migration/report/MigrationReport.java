/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.report;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a migration went. A value; {@link #toJson()} and {@link #fromJson(String)} carry it through
 * JSON and back unchanged. No credential and no row data is in it.
 */
public final class MigrationReport {
  /** How a migration ended. */
  public enum Status {
    /** The application works on the target. */
    COMPLETED,
    /** The migration was stopped from outside; the application works on the source as before. */
    ROLLED_BACK,
    /** The migration failed; {@link MigrationReport#failure()} says why. */
    FAILED
  }

  private final Status status;
  private final String id;
  private final String source;
  private final String target;
  private final Instant startedAt;
  private final Instant endedAt;
  private final long rowsCopied;
  private final long changesApplied;
  private final long rowsValidated;
  private final long mismatches;
  private final long writePauseMillis;
  private final Map<String, Long> pauseParts;
  private final List<StepReport> steps;
  private final List<TableReport> tables;
  private final List<Sample> samples;
  private final List<FindingReport> findings;
  private final List<String> leftBehind;
  private final @Nullable String failure;
  private final @Nullable String nextStep;

  MigrationReport(MigrationReportBuilder builder) {
    this.status = builder.status;
    this.id = builder.id;
    this.source = builder.source;
    this.target = builder.target;
    this.startedAt = builder.startedAt;
    this.endedAt = builder.endedAt;
    this.rowsCopied = builder.rowsCopied;
    this.changesApplied = builder.changesApplied;
    this.rowsValidated = builder.rowsValidated;
    this.mismatches = builder.mismatches;
    this.writePauseMillis = builder.writePauseMillis;
    this.pauseParts = Collections.unmodifiableMap(new LinkedHashMap<>(builder.pauseParts));
    this.steps = List.copyOf(builder.steps);
    this.tables = List.copyOf(builder.tables);
    this.samples = List.copyOf(builder.samples);
    this.findings = List.copyOf(builder.findings);
    this.leftBehind = List.copyOf(builder.leftBehind);
    this.failure = builder.failure;
    this.nextStep = builder.nextStep;
  }

  /**
   * Starts a report.
   *
   * @param id the migration's id
   * @param status how it ended
   * @return a builder
   */
  public static MigrationReportBuilder builder(String id, Status status) {
    return new MigrationReportBuilder(id, status);
  }

  /**
   * Reads a report.
   *
   * @param json what {@link #toJson()} wrote; unknown fields are refused
   * @return the report
   * @throws io.clouddb.error.InvalidArgumentException when it is something else
   */
  public static MigrationReport fromJson(String json) {
    return ReportJson.read(json);
  }

  /**
   * Writes the report.
   *
   * @return a JSON object with a {@code schemaVersion}
   */
  public String toJson() {
    return ReportJson.write(this);
  }

  /**
   * How the migration ended.
   *
   * @return the status
   */
  public Status status() {
    return status;
  }

  /**
   * The migration's id.
   *
   * @return the text
   */
  public String id() {
    return id;
  }

  /**
   * The database that was migrated: host, port, name and version; no credential.
   *
   * @return the text
   */
  public String source() {
    return source;
  }

  /**
   * The database that it was migrated to, in the same form.
   *
   * @return the text
   */
  public String target() {
    return target;
  }

  /**
   * When the run began.
   *
   * @return the time, UTC
   */
  public Instant startedAt() {
    return startedAt;
  }

  /**
   * When the run ended.
   *
   * @return the time, UTC
   */
  public Instant endedAt() {
    return endedAt;
  }

  /**
   * Rows that the copy brought over.
   *
   * @return the number
   */
  public long rowsCopied() {
    return rowsCopied;
  }

  /**
   * Changes of rows that were applied after the copy.
   *
   * @return the number
   */
  public long changesApplied() {
    return changesApplied;
  }

  /**
   * Rows of the source that were compared with the target's.
   *
   * @return the number
   */
  public long rowsValidated() {
    return rowsValidated;
  }

  /**
   * Rows that differed, were missing or were too many.
   *
   * @return the number
   */
  public long mismatches() {
    return mismatches;
  }

  /**
   * How long the application could not write: from the moment that it was asked to pause to the
   * moment that the route was switched, in milliseconds; 0 when there was no cutover.
   *
   * @return the number
   */
  public long writePauseMillis() {
    return writePauseMillis;
  }

  /**
   * What the write pause was made of, in order.
   *
   * @return name of the part to its milliseconds; empty when there was no cutover in this run
   */
  public Map<String, Long> pauseParts() {
    return pauseParts;
  }

  /**
   * How each step went, in order.
   *
   * @return the list
   */
  public List<StepReport> steps() {
    return steps;
  }

  /**
   * What became of each table.
   *
   * @return the list
   */
  public List<TableReport> tables() {
    return tables;
  }

  /**
   * Throughput and lag over time.
   *
   * @return the list
   */
  public List<Sample> samples() {
    return samples;
  }

  /**
   * What preflight found that did not stop the migration.
   *
   * @return the list
   */
  public List<FindingReport> findings() {
    return findings;
  }

  /**
   * What the migration made and did not remove, each in a sentence that says where it is.
   *
   * @return the list
   */
  public List<String> leftBehind() {
    return leftBehind;
  }

  /**
   * What went wrong.
   *
   * @return the text, empty when nothing did
   */
  public Optional<String> failure() {
    return Optional.ofNullable(failure);
  }

  /**
   * What to do next.
   *
   * @return the text, empty when there is nothing to do
   */
  public Optional<String> nextStep() {
    return Optional.ofNullable(nextStep);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof MigrationReport that && toJson().equals(that.toJson());
  }

  @Override
  public int hashCode() {
    return toJson().hashCode();
  }

  /** The id and the status. */
  @Override
  public String toString() {
    return "Migration " + id + ": " + status;
  }
}
