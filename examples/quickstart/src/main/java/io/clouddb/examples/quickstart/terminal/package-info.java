/** What a person sees. */
@NullMarked
package io.clouddb.examples.quickstart.terminal;

import org.jspecify.annotations.NullMarked;
