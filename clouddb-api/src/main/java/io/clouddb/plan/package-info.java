/** What is asked of a cloud, and what becomes of it. */
@NullMarked
package io.clouddb.plan;

import org.jspecify.annotations.NullMarked;
