/** Rules that hold the modules apart. */
@NullMarked
package io.clouddb.architecture;

import org.jspecify.annotations.NullMarked;
