/** The simulated clouds: a process of its own, and the way to it. */
@NullMarked
package io.clouddb.examples.quickstart.cloud;

import org.jspecify.annotations.NullMarked;
