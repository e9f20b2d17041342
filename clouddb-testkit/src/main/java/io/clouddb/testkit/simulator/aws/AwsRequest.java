/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws;

import io.clouddb.testkit.simulator.http.SimulatedRequest;

/**
 * A request whose signature was found good.
 *
 * @param http as it came
 * @param region that it was signed for, which is where it takes effect
 * @param requestId the id of its answer
 */
public record AwsRequest(SimulatedRequest http, String region, String requestId) {}
