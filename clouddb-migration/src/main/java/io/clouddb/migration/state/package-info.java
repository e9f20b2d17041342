/** What a migration puts down of itself, so that it can be looked at and gone on with. */
@NullMarked
package io.clouddb.migration.state;

import org.jspecify.annotations.NullMarked;
