/**
 * Cloud SQL for PostgreSQL, through the <a
 * href="https://cloud.google.com/sql/docs/postgres/admin-api/rest">Cloud SQL Admin API</a>.
 */
@NullMarked
package io.clouddb.gcp.sql;

import org.jspecify.annotations.NullMarked;
