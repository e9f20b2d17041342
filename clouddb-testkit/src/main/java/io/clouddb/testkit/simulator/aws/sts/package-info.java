/* SPDX-License-Identifier: Apache-2.0 */
/** AWS Security Token Service: who the caller is. */
@NullMarked
package io.clouddb.testkit.simulator.aws.sts;

import org.jspecify.annotations.NullMarked;
