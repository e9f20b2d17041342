/* SPDX-License-Identifier: Apache-2.0 */

/**
 * What AWS publishes of its services, as lines, and requests and answers held against it: a witness
 * of simulators and of their clients that comes from neither.
 */
@NullMarked
package io.clouddb.testkit.simulator.aws.definition;

import org.jspecify.annotations.NullMarked;
