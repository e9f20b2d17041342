/** What a migration did, as a value, as JSON and as a page. */
@NullMarked
package io.clouddb.migration.report;

import org.jspecify.annotations.NullMarked;
