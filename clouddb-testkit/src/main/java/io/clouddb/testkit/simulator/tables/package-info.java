/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The one table engine of the simulated clouds: items in key order, secondary indexes, time to live
 * by the clock, a change log, regions with lag. It knows no cloud and no wire: what a service
 * refuses, and in which words, is its skin's.
 */
@NullMarked
package io.clouddb.testkit.simulator.tables;

import org.jspecify.annotations.NullMarked;
