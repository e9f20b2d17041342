/** Managed database instances: what to create, what there is. */
@NullMarked
package io.clouddb.instance;

import org.jspecify.annotations.NullMarked;
