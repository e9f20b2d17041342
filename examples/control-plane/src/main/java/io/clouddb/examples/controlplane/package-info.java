/** What a control plane does with one database, on one cloud, from its creation to its deletion. */
@NullMarked
package io.clouddb.examples.controlplane;

import org.jspecify.annotations.NullMarked;
