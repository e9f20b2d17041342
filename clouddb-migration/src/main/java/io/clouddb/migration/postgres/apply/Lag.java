/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

import java.time.Duration;

/**
 * How far the target is behind. It is a measure for people and plots: that it is 0 proves nothing,
 * only an applied marker does.
 *
 * @param bytes log that the source has written and the target has not taken, in bytes
 * @param time age of the last applied commit; zero when nothing is waiting
 */
public record Lag(long bytes, Duration time) {}
