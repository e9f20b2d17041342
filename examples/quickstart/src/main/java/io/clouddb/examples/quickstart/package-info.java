/** The command that the README begins with: a live database moves from one cloud to another. */
@NullMarked
package io.clouddb.examples.quickstart;

import org.jspecify.annotations.NullMarked;
