/** What the tests of the data path share. */
@NullMarked
package io.clouddb.migration.postgres.testing;

import org.jspecify.annotations.NullMarked;
