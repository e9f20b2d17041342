/** Not API. */
@NullMarked
package io.clouddb.internal.operation;

import org.jspecify.annotations.NullMarked;
