/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Clouds on this machine, of one shape: {@link io.clouddb.testkit.simulator.SimulatedCloud}. The
 * vendors' own SDKs talk to them, and real databases are behind them.
 *
 * <p>How they are built, from the ground:
 *
 * <ul>
 *   <li>{@code engine}: time, things to do later, operations, faults, the requests so far, stores.
 *       It knows no resource.
 *   <li>{@code server}: managed database servers with their states, rights and parameters. It knows
 *       no protocol.
 *   <li>{@code http}: requests and answers, as bytes, from this process only.
 *   <li>The skins, which put a cloud's protocol on these and do not know each other: {@code aws},
 *       {@code arm} (Azure Resource Manager), {@code google}. In each a service has a package of
 *       its own, and a table of actions or routes, to which a new feature adds its own.
 * </ul>
 *
 * <p>What they do not simulate they refuse, naming it, and list it in {@code notSimulated()}. They
 * fill in nothing that a request lacks.
 */
@NullMarked
package io.clouddb.testkit.simulator;

import org.jspecify.annotations.NullMarked;
