/**
 * The switch from one PostgreSQL database to the other: the fence in the source, the marker in its
 * stream, and what the stream does not carry.
 */
@NullMarked
package io.clouddb.migration.postgres.cutover;

import org.jspecify.annotations.NullMarked;
