/* SPDX-License-Identifier: Apache-2.0 */
/** Azure Database for PostgreSQL flexible server as a {@link io.clouddb.spi.InstanceDriver}. */
@NullMarked
package io.clouddb.azure.postgresql;

import org.jspecify.annotations.NullMarked;
