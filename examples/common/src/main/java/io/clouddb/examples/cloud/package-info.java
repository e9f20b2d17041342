/** The clouds on which the examples run, and stand-ins for them. */
@NullMarked
package io.clouddb.examples.cloud;

import org.jspecify.annotations.NullMarked;
