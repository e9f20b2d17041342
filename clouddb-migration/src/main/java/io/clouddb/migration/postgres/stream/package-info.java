/** The way out of a PostgreSQL source: pinned sessions, replication slots and the change stream. */
@NullMarked
package io.clouddb.migration.postgres.stream;

import org.jspecify.annotations.NullMarked;
