/**
 * What the library throws: one unchecked root, a category, and a class for each error that a caller
 * would catch.
 */
@NullMarked
package io.clouddb.error;

import org.jspecify.annotations.NullMarked;
