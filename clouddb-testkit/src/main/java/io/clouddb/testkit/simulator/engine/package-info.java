/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What every simulated cloud has, whatever its resources are: a {@linkplain
 * io.clouddb.testkit.simulator.engine.SimulatedClock clock}, {@linkplain
 * io.clouddb.testkit.simulator.engine.Tasks things to do later}, {@linkplain
 * io.clouddb.testkit.simulator.engine.SimulatedOperation operations}, {@linkplain
 * io.clouddb.testkit.simulator.engine.Faults faults}, the {@linkplain
 * io.clouddb.testkit.simulator.engine.RequestLog requests} so far, and {@linkplain
 * io.clouddb.testkit.simulator.engine.ResourceStore stores}. {@link
 * io.clouddb.testkit.simulator.engine.CloudEngine} holds one of each. It knows no resource, no
 * cloud, and no way in which requests come.
 */
@NullMarked
package io.clouddb.testkit.simulator.engine;

import org.jspecify.annotations.NullMarked;
