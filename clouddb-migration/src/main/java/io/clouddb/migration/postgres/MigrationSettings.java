/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.migration.WalPolicy;
import io.clouddb.migration.postgres.catalog.TableSelection;
import io.clouddb.migration.postgres.catalog.TrustedCode;
import io.clouddb.migration.postgres.spill.Spilling;
import io.clouddb.migration.progress.MigrationListener;
import io.clouddb.migration.route.RouteStore;
import io.clouddb.migration.state.StateStore;
import io.clouddb.sql.ConnectionDetails;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one migration is told.
 *
 * @param id names all that it makes
 * @param source the database that is migrated
 * @param target the database that it is migrated to
 * @param selection the tables
 * @param leaveBehind objects of kinds that are not carried and may stay behind, as preflight names
 *     them
 * @param trusted roles whose functions may run in the migration's sessions
 * @param state keeps the journal
 * @param route where the applications are switched; null when no application follows one
 * @param listener is told how it goes
 * @param clock gives the times in journal and report
 * @param connections how many tables are copied, and indexes built, at once
 * @param slotLimit how long the slot may wait for open write transactions; zero for no limit
 * @param lagLimit how far the target may be behind before the cutover begins
 * @param drainLimit how long the cutover waits for the applications to give their connections back
 * @param fenceLimit how long it waits for writers that do not use the route
 * @param catchUpLimit how long it waits for the target to have everything
 * @param pauseLimit how long the whole pause may take
 * @param cutoverAttempts how often a cutover that missed a limit is tried
 * @param keepFence whether the source goes on refusing writes when the migration is over
 * @param reverseWindow how long after the switch the source is kept current, so that the
 *     application can go back; zero for no reverse replication
 * @param cutoverOnRequest whether the cutover waits until it is asked for
 * @param retainedWal what is done about the log that is kept for the migration
 */
public record MigrationSettings(
    String id,
    ConnectionDetails source,
    ConnectionDetails target,
    TableSelection selection,
    Set<String> leaveBehind,
    Set<String> trusted,
    StateStore state,
    @Nullable RouteStore route,
    MigrationListener listener,
    Clock clock,
    int connections,
    Duration slotLimit,
    Duration lagLimit,
    Duration drainLimit,
    Duration fenceLimit,
    Duration catchUpLimit,
    Duration pauseLimit,
    int cutoverAttempts,
    boolean keepFence,
    Duration reverseWindow,
    boolean cutoverOnRequest,
    WalPolicy retainedWal) {
  /** Whether there is reverse replication. */
  boolean reverses() {
    return !reverseWindow.isZero();
  }

  /** Where the stream goes through files; null when it does not. Each call makes another. */
  @Nullable Spilling spilling() {
    return retainedWal instanceof WalPolicy.Spill spill
        ? new Spilling(spill.folder(), spill.mostBytes())
        : null;
  }

  /** Whose code may run when rows are written, on either side. */
  TrustedCode trustedCode() {
    return TrustedCode.of(trusted);
  }

  /** Publication and slot of the reverse replication, on the target. */
  String reverseName() {
    return replicationName() + "_reverse";
  }

  /** What every session of the migration is called in {@code pg_stat_activity}, and more. */
  String sessionName() {
    return "clouddb-" + id;
  }

  /** What a journal is about: another run of the same id has to be given the same. */
  Map<String, String> identity() {
    return Map.of(
        "source", source.address(),
        "target", target.address(),
        "tables", selection.toString(),
        "reverse replication", Boolean.toString(reverses()));
  }

  /** Publication and slot. */
  String replicationName() {
    return "clouddb_" + id;
  }

  ConnectionDetails namedSource() {
    return source.toBuilder().parameter("ApplicationName", sessionName()).build();
  }

  ConnectionDetails namedTarget() {
    return target.toBuilder().parameter("ApplicationName", sessionName()).build();
  }
}
