/** What the application meant to write and what it was told, on disk; and the check of it. */
@NullMarked
package io.clouddb.examples.quickstart.ledger;

import org.jspecify.annotations.NullMarked;
