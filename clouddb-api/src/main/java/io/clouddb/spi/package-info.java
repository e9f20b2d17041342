/**
 * What a provider implements: thin drivers of short, blocking steps. Applications have no need of
 * this package. The facade validates, refuses what a plan refuses, observes and waits, so that a
 * driver does none of it.
 */
@NullMarked
package io.clouddb.spi;

import org.jspecify.annotations.NullMarked;
