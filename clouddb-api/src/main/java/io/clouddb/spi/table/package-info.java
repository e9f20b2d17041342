/* SPDX-License-Identifier: Apache-2.0 */
/** What a provider implements for tables: their control and their data. */
@NullMarked
package io.clouddb.spi.table;

import org.jspecify.annotations.NullMarked;
