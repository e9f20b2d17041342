/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws;

import io.clouddb.testkit.simulator.engine.Call;

/**
 * What an action of a {@link QueryProtocol} is given.
 *
 * @param call the action
 * @param region where it takes effect
 * @param form its members
 */
public record QueryCall(Call call, String region, QueryForm form) {}
