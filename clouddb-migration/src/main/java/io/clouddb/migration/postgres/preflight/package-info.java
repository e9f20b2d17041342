/* SPDX-License-Identifier: Apache-2.0 */
/** Finds out, before anything is changed, whether a migration would work. */
@NullMarked
package io.clouddb.migration.postgres.preflight;

import org.jspecify.annotations.NullMarked;
