/** Brings the changes of a PostgreSQL source to its target, in the order of their commits. */
@NullMarked
package io.clouddb.migration.postgres.apply;

import org.jspecify.annotations.NullMarked;
