/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Azure on this machine: {@link io.clouddb.testkit.simulator.arm.SimulatedAzure}. Azure Resource
 * Manager goes by a {@linkplain io.clouddb.testkit.simulator.arm.ArmRoutes table} of methods and
 * paths; a resource provider is an {@link io.clouddb.testkit.simulator.arm.ArmService} in a package
 * of its own, which adds its routes to it. Subscriptions hold resource groups, and these resources
 * of any location.
 */
@NullMarked
package io.clouddb.testkit.simulator.arm;

import org.jspecify.annotations.NullMarked;
