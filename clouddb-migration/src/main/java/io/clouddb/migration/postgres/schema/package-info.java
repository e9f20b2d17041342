/* SPDX-License-Identifier: Apache-2.0 */
/** Carries the schema of a PostgreSQL database to another, and compares the two afterwards. */
@NullMarked
package io.clouddb.migration.postgres.schema;

import org.jspecify.annotations.NullMarked;
