/* SPDX-License-Identifier: Apache-2.0 */
/** AWS Secrets Manager, as far as other services keep secrets in it. */
@NullMarked
package io.clouddb.testkit.simulator.aws.secretsmanager;

import org.jspecify.annotations.NullMarked;
