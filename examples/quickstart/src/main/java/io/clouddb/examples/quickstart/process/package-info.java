/** Processes that end when the one that started them does. */
@NullMarked
package io.clouddb.examples.quickstart.process;

import org.jspecify.annotations.NullMarked;
