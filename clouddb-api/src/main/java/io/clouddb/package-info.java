/** The way in: {@code CloudDb.open(url)}. */
@NullMarked
package io.clouddb;

import org.jspecify.annotations.NullMarked;
