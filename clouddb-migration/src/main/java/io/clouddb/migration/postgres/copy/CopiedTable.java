/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.copy;

import io.clouddb.migration.postgres.catalog.TableName;
import java.time.Duration;

/**
 * A table that was copied.
 *
 * @param table its name
 * @param rows how many rows
 * @param bytes their size on the way, in bytes
 * @param chunks in how many pieces
 * @param binary whether it went in binary form, otherwise as text
 * @param duration from its first chunk's start to its last one's end
 */
public record CopiedTable(
    TableName table, long rows, long bytes, int chunks, boolean binary, Duration duration) {}
