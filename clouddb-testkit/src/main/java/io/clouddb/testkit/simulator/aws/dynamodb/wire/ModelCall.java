/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.wire;

import io.clouddb.testkit.simulator.engine.Call;

/**
 * What an action is given.
 *
 * @param call the action
 * @param region where it takes effect
 * @param members the members of its request, which the definition allows
 */
public record ModelCall(Call call, String region, Members members) {}
