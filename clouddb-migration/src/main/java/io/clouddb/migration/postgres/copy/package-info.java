/** Copies the tables of a PostgreSQL source at one exported snapshot. */
@NullMarked
package io.clouddb.migration.postgres.copy;

import org.jspecify.annotations.NullMarked;
