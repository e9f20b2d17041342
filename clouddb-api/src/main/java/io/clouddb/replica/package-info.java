/** Replicas of instances: in the same region or another one, listed, measured and promoted. */
@NullMarked
package io.clouddb.replica;

import org.jspecify.annotations.NullMarked;
