/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What every provider of tables has to do, as a JUnit 5 class to extend: {@link
 * io.clouddb.testkit.contract.table.TableContract}. Its cases of data share a few tables, one of
 * each shape of key, and write into partitions of their own; what they expect comes of {@link
 * io.clouddb.testkit.contract.table.ItemModel}, and seeded random programs are run against it. Its
 * cases of tables themselves make their own.
 */
@NullMarked
package io.clouddb.testkit.contract.table;

import org.jspecify.annotations.NullMarked;
