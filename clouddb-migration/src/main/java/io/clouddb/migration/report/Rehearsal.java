/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.report;

import java.time.Duration;
import java.util.Map;

/**
 * What a rehearsal of the cutover measured: the application was paused, the source fenced, the rest
 * applied and what changed compared, and then the source was opened again. The cutover does the
 * same, then makes triggers (and, where the target's role may not set replica role, foreign keys),
 * journals its decision and opens the route to the target.
 *
 * @param pause how long the application could not write
 * @param parts what took how long, in order: {@code drain}, {@code fence}, {@code apply}, {@code
 *     compare}, {@code sequences}, {@code open}
 * @param comparedRows how many rows were compared in the pause
 */
public record Rehearsal(Duration pause, Map<String, Duration> parts, long comparedRows) {}
