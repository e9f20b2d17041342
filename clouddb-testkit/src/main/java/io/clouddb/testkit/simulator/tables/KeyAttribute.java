/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.tables;

/**
 * An attribute that a key is made of.
 *
 * @param name its name
 * @param type what it holds
 */
public record KeyAttribute(String name, KeyType type) {}
