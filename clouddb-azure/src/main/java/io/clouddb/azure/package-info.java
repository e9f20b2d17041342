/** Root of clouddb-azure. */
@NullMarked
package io.clouddb.azure;

import org.jspecify.annotations.NullMarked;
