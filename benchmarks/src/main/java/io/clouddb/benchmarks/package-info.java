/** Whole runs beside their peers, on one set of data. */
@NullMarked
package io.clouddb.benchmarks;

import org.jspecify.annotations.NullMarked;
