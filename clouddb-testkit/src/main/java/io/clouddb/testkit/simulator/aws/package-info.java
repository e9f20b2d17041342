/* SPDX-License-Identifier: Apache-2.0 */
/**
 * AWS on this machine: {@link io.clouddb.testkit.simulator.aws.SimulatedAws}. One endpoint serves
 * all services and regions of an account. A request is let in by its signature (Signature Version
 * 4), whose credential scope says to which service it goes and in which region it takes effect. A
 * service is an {@link io.clouddb.testkit.simulator.aws.AwsService} in a package of its own, with a
 * table of actions for each {@link io.clouddb.testkit.simulator.aws.AwsProtocol} that it speaks.
 *
 * <p>What it does not simulate it refuses, naming the service, the action or the member.
 */
@NullMarked
package io.clouddb.testkit.simulator.aws;

import org.jspecify.annotations.NullMarked;
