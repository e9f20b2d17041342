/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.catalog.TrustedCode;
import io.clouddb.migration.postgres.spill.Spilling;
import io.clouddb.migration.postgres.stream.Pace;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** What an {@link Applier} is told beside its ends and tables. */
public final class ApplyOptions {
  private static final Pattern MIGRATION = Pattern.compile("[a-z0-9_]{1,40}");

  final String migration;
  final String slot;
  final String publication;
  final int flushRows;
  final long flushBytes;
  final Duration commitAfter;
  final long queueBytes;
  final Duration statusInterval;
  final Duration retryFor;
  final int changedKeysPerTable;
  final @Nullable ApplyMark mark;
  final @Nullable ApplyMark leaveOut;
  final boolean passFence;
  final Pace pace;
  final Map<TableName, LogSequenceNumber> tableStarts;
  final @Nullable Spilling spilling;
  final TrustedCode trusted;

  private ApplyOptions(Builder builder) {
    this.migration = builder.migration;
    this.slot = builder.slot;
    this.publication = builder.publication;
    this.flushRows = builder.flushRows;
    this.flushBytes = builder.flushBytes;
    this.commitAfter = builder.commitAfter;
    this.queueBytes = builder.queueBytes;
    this.statusInterval = builder.statusInterval;
    this.retryFor = builder.retryFor;
    this.changedKeysPerTable = builder.changedKeysPerTable;
    this.mark = builder.mark;
    this.leaveOut = builder.leaveOut;
    this.passFence = builder.passFence;
    this.pace = builder.pace;
    this.tableStarts = Map.copyOf(builder.tableStarts);
    this.spilling = builder.spilling;
    this.trusted = builder.trusted;
  }

  /**
   * Options of a migration with the usual names: slot and publication {@code clouddb_<id>}.
   *
   * @param migration the migration's id: a-z, 0-9 and _, 40 at most
   * @return a builder
   */
  public static Builder of(String migration) {
    return new Builder(migration);
  }

  /** Builds {@link ApplyOptions}. */
  public static final class Builder {
    private final String migration;
    private String slot;
    private String publication;
    private int flushRows = 10_000;
    private long flushBytes = 4L << 20;
    private Duration commitAfter = Duration.ofMillis(200);
    private long queueBytes = 32L << 20;
    private Duration statusInterval = Duration.ofSeconds(1);
    private Duration retryFor = Duration.ofMinutes(2);
    private int changedKeysPerTable = 100_000;
    private @Nullable ApplyMark mark;
    private @Nullable ApplyMark leaveOut;
    private boolean passFence;
    private Pace pace = new Pace();
    private Map<TableName, LogSequenceNumber> tableStarts = Map.of();
    private @Nullable Spilling spilling;
    private TrustedCode trusted = TrustedCode.of(Set.of());

    private Builder(String migration) {
      if (!MIGRATION.matcher(migration).matches()) {
        throw ErrorDetails.of(
                ErrorCategory.INVALID_ARGUMENT,
                "A migration's id is made of a-z, 0-9 and _, 40 at most; not '" + migration + "'")
            .toException();
      }
      this.migration = migration;
      this.slot = "clouddb_" + migration;
      this.publication = "clouddb_" + migration;
    }

    /**
     * Names another slot.
     *
     * @param name the slot's name
     * @return this builder
     */
    public Builder slot(String name) {
      this.slot = Objects.requireNonNull(name, "slot");
      return this;
    }

    /**
     * Names another publication.
     *
     * @param name the publication's name
     * @return this builder
     */
    public Builder publication(String name) {
      this.publication = Objects.requireNonNull(name, "publication");
      return this;
    }

    /**
     * Bounds what is gathered before it is sent to the target.
     *
     * @param rows changes of rows
     * @param bytes their size in the stream
     * @return this builder
     */
    public Builder flushAt(int rows, long bytes) {
      this.flushRows = rows;
      this.flushBytes = bytes;
      return this;
    }

    /**
     * How long transactions of the source are gathered into one of the target while more are
     * waiting. When none is waiting, the target commits at once.
     *
     * @param time the time, 200 ms by default
     * @return this builder
     */
    public Builder commitAfter(Duration time) {
      this.commitAfter = Objects.requireNonNull(time, "commitAfter");
      return this;
    }

    /**
     * Bounds what is read ahead. One message may exceed it: it holds a whole row.
     *
     * @param bytes size in the stream, 32 MiB by default
     * @return this builder
     */
    public Builder queueBytes(long bytes) {
      this.queueBytes = bytes;
      return this;
    }

    /**
     * How often the source is told what is durable.
     *
     * @param interval one second by default
     * @return this builder
     */
    public Builder statusInterval(Duration interval) {
      this.statusInterval = Objects.requireNonNull(interval, "statusInterval");
      return this;
    }

    /**
     * How long work is tried again after deadlocks and lost connections, without any progress.
     *
     * @param time two minutes by default
     * @return this builder
     */
    public Builder retryFor(Duration time) {
      this.retryFor = Objects.requireNonNull(time, "retryFor");
      return this;
    }

    /**
     * How many changed keys of one table are kept before the table counts as a whole.
     *
     * @param keys 100,000 by default
     * @return this builder
     */
    public Builder changedKeysPerTable(int keys) {
      this.changedKeysPerTable = keys;
      return this;
    }

    /**
     * Begins each transaction on the target with a mark, by which a stream in the other direction
     * knows it and leaves it out.
     *
     * @param value null, the default, for no mark
     * @return this builder
     */
    public Builder mark(@Nullable ApplyMark value) {
      this.mark = value;
      return this;
    }

    /**
     * Leaves out transactions that begin with a mark: an applier in the other direction made them.
     *
     * @param value null, the default, to leave out none
     * @return this builder
     */
    public Builder leaveOut(@Nullable ApplyMark value) {
      this.leaveOut = value;
      return this;
    }

    /**
     * Lets the applier write where the fence of this migration refuses everybody else.
     *
     * @param pass false by default
     * @return this builder
     */
    public Builder passFence(boolean pass) {
      this.passFence = pass;
      return this;
    }

    /**
     * Says how fast to apply, and when not at all.
     *
     * @param value without limits unless set
     * @return this builder
     */
    public Builder pace(Pace value) {
      this.pace = Objects.requireNonNull(value, "pace");
      return this;
    }

    /**
     * Names tables that were copied at a later point than the slot's: changes of theirs whose
     * commit is before it are in that copy, and left out.
     *
     * @param starts table to the consistent point of its own copy
     * @return this builder
     */
    public Builder tableStarts(Map<TableName, LogSequenceNumber> starts) {
      this.tableStarts = Map.copyOf(starts);
      return this;
    }

    /**
     * Lets the stream go through files, so that it can be read further ahead than memory allows.
     *
     * @param value null, the default, to keep what is read ahead in memory
     * @return this builder
     */
    public Builder spilling(@Nullable Spilling value) {
      this.spilling = value;
      return this;
    }

    /**
     * Whose code may run when rows are written.
     *
     * @param code nobody's by default, but that of roles with all rights of the migration's there
     * @return this builder
     */
    public Builder trusting(TrustedCode code) {
      this.trusted = Objects.requireNonNull(code, "trusted");
      return this;
    }

    /**
     * Finishes the options.
     *
     * @return the options
     */
    public ApplyOptions build() {
      return new ApplyOptions(this);
    }
  }
}
