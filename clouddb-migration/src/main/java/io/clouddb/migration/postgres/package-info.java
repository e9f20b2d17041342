/** Moves one live PostgreSQL database into another. */
@NullMarked
package io.clouddb.migration.postgres;

import org.jspecify.annotations.NullMarked;
