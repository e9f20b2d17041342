/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.tables;

import org.jspecify.annotations.Nullable;

/**
 * The key of an item.
 *
 * @param partition the value by which items are spread
 * @param sort the value by which those of one partition are in order; null where the schema has
 *     none
 */
public record ItemKey(Value partition, @Nullable Value sort) {}
