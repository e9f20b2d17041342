/** Not API. */
@NullMarked
package io.clouddb.internal;

import org.jspecify.annotations.NullMarked;
