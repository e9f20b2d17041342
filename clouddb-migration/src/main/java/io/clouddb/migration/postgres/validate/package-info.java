/** Compares the two ends of a PostgreSQL migration at one position, while writes go on. */
@NullMarked
package io.clouddb.migration.postgres.validate;

import org.jspecify.annotations.NullMarked;
