/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.copy;

/**
 * A range of a table's blocks.
 *
 * @param copy the table
 * @param from its first block
 * @param to the first block behind it, -1 for all that follow
 */
record Chunk(TableCopy copy, long from, long to) {}
