/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

/**
 * A trigger, a rule or a foreign key that is on the target.
 *
 * @param name what it is, and what it is called, on its table
 * @param planned whether the transfer makes one of this kind and name, so that this one is taken
 *     for it
 * @param definition the statements that make it, in the state (enabled, disabled, always) that it
 *     is in
 * @param drop the statement that removes it, if it is still there
 */
public record StandingObject(String name, boolean planned, String definition, String drop) {}
