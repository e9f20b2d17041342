/**
 * Hostile input for everything that reads: each case is a value or a clear refusal, in time and
 * within bounds.
 */
@NullMarked
package io.clouddb.fuzz;

import org.jspecify.annotations.NullMarked;
