/** What is in a PostgreSQL database, read from its catalogs. */
@NullMarked
package io.clouddb.migration.postgres.catalog;

import org.jspecify.annotations.NullMarked;
