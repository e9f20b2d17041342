/** Root of clouddb-aws. */
@NullMarked
package io.clouddb.aws;

import org.jspecify.annotations.NullMarked;
