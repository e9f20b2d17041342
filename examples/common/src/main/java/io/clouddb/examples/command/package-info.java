/** What the examples' command lines share. */
@NullMarked
package io.clouddb.examples.command;

import org.jspecify.annotations.NullMarked;
