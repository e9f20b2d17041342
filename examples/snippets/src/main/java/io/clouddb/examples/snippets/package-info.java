/** The Java that the README quotes. Every class is run by a test. */
@NullMarked
package io.clouddb.examples.snippets;

import org.jspecify.annotations.NullMarked;
