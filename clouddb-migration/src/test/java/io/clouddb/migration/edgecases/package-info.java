/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What migrations are known to spoil, each in a whole migration while an application writes. The
 * judge is a third database, in which the same statements were run without any migration.
 */
@NullMarked
package io.clouddb.migration.edgecases;

import org.jspecify.annotations.NullMarked;
