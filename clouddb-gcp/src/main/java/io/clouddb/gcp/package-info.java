/** Root of clouddb-gcp. */
@NullMarked
package io.clouddb.gcp;

import org.jspecify.annotations.NullMarked;
