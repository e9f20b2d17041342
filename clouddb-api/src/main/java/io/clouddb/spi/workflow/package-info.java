/**
 * The one step machine of all providers: a long operation is an ordered list of steps, each of
 * which can be looked at, begun and undone.
 */
@NullMarked
package io.clouddb.spi.workflow;

import org.jspecify.annotations.NullMarked;
