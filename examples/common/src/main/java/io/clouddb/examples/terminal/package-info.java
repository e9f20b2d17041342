/** What a person sees. */
@NullMarked
package io.clouddb.examples.terminal;

import org.jspecify.annotations.NullMarked;
