/** Reaches the spill's own files, which nothing else reads. */
@NullMarked
package io.clouddb.migration.postgres.spill;

import org.jspecify.annotations.NullMarked;
