/** What a provider implements. Applications have no need of this package. */
@NullMarked
package io.clouddb.spi;

import org.jspecify.annotations.NullMarked;
