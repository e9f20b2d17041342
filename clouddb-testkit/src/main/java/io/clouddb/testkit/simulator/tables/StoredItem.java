/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.tables;

import java.util.Map;

/**
 * An item as a table or an index keeps it. Immutable.
 *
 * @param attributes its attributes, which nobody changes
 * @param size what it counts for, by the table's {@link SizeRule}
 */
public record StoredItem(Map<String, Value> attributes, int size) {}
