/** Root of clouddb-migration. */
@NullMarked
package io.clouddb.migration;

import org.jspecify.annotations.NullMarked;
