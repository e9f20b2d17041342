/** Root of clouddb-testkit. */
@NullMarked
package io.clouddb.testkit;

import org.jspecify.annotations.NullMarked;
