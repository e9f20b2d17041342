/* SPDX-License-Identifier: Apache-2.0 */
/** Kills and cuts at seeded moments of whole migrations. */
@org.jspecify.annotations.NullMarked
package io.clouddb.migration.drill;
