/* SPDX-License-Identifier: Apache-2.0 */
/** A migration's progress as Micrometer meters. */
@org.jspecify.annotations.NullMarked
package io.clouddb.migration.metrics;
