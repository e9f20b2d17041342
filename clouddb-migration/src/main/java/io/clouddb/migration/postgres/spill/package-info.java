/** The change stream in files, read ahead so that the source can let its log go. */
@NullMarked
package io.clouddb.migration.postgres.spill;

import org.jspecify.annotations.NullMarked;
