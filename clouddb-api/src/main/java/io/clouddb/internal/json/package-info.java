/** Not API. */
@NullMarked
package io.clouddb.internal.json;

import org.jspecify.annotations.NullMarked;
