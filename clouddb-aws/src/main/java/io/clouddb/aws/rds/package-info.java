/* SPDX-License-Identifier: Apache-2.0 */
/**
 * PostgreSQL on Amazon RDS. Follows the Amazon RDS API Reference, version 2014-10-31. Internal to
 * the provider, but for what its messages and plans name.
 */
@NullMarked
package io.clouddb.aws.rds;

import org.jspecify.annotations.NullMarked;
