/**
 * What every provider has to do, as JUnit 5 classes to extend, once each: {@link
 * io.clouddb.testkit.contract.SimulatedCloudContract} on a simulator, and {@link
 * io.clouddb.testkit.contract.CloudContract} on a real account.
 *
 * <p>Each has a nested class for each subject, whose cases stand in a file of their own: creation,
 * lookup, plans and capabilities, drift, operations and their tokens, changes, deletion, bad input,
 * replicas or their refusal, each feature that is claimed; and, on a simulator, the loss of a
 * region, interruptions, closing, and secrets in logs. All of them run in the JVM of the test: what
 * closing has to give back are classes of a loader of its own, and the program whose logs are read
 * is a process of its own.
 */
@NullMarked
package io.clouddb.testkit.contract;

import org.jspecify.annotations.NullMarked;
