/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Tables of items by key, which may live in several regions: what a table has to be ({@link
 * io.clouddb.table.GlobalTableSpec}), making and changing it ({@link io.clouddb.table.Tables}), and
 * its data ({@link io.clouddb.table.Table}).
 */
@NullMarked
package io.clouddb.table;

import org.jspecify.annotations.NullMarked;
