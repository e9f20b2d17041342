/** What a migration tells while it runs. */
@NullMarked
package io.clouddb.migration.progress;

import org.jspecify.annotations.NullMarked;
