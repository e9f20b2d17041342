/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.progress;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Where a migration is at one moment.
 *
 * @param at the moment
 * @param step the step under way
 * @param activity what it is doing, in a few words, for example {@code copying public.orders}
 * @param rowsDone rows copied or compared so far in this step
 * @param rowsEstimated rows that there are to do, by the planner's estimate; 0 when not known
 * @param rowsPerSecond the rate over the last seconds: rows copied, or changes applied
 * @param timeLeft by that rate; empty when it cannot be told
 * @param changesApplied changes of rows applied since the migration began
 * @param lagBytes write-ahead log that the source has written and the target has not applied; 0
 *     before changes are applied
 * @param lag how long ago the newest applied transaction was committed on the source; zero when the
 *     target has all of it
 * @param retainedWal bytes of write-ahead log that a server keeps for a slot of the migration: the
 *     sending side, or, where that is more, the target for the slot of the way back
 * @param chunksDone parts of tables copied so far in this step
 * @param chunks how many there are; 0 when the step has none
 * @param waitingOn what holds the migration up, for example a lock and who has it
 */
public record MigrationProgress(
    Instant at,
    MigrationStep step,
    String activity,
    long rowsDone,
    long rowsEstimated,
    double rowsPerSecond,
    Optional<Duration> timeLeft,
    long changesApplied,
    long lagBytes,
    Duration lag,
    long retainedWal,
    long chunksDone,
    long chunks,
    Optional<String> waitingOn) {}
