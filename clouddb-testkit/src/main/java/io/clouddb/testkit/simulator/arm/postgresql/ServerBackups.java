/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm.postgresql;

/**
 * The backups of servers.
 *
 * @param automated those by themselves
 * @param byHand those that somebody asks for
 * @param restores what is made of them
 */
record ServerBackups(AutomatedBackups automated, BackupsByHand byHand, Restores restores) {}
