/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi;

import io.clouddb.CloudConfig;

/**
 * What a driver works with.
 *
 * @param config what the caller configured
 * @param calls through which every remote call goes
 */
public record DriverContext(CloudConfig config, RemoteCalls calls) {}
