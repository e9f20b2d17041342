/** Long-running work on a cloud, that can be awaited, stored as a token and resumed elsewhere. */
@NullMarked
package io.clouddb.operation;

import org.jspecify.annotations.NullMarked;
