/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm.postgresql;

/**
 * The backups of servers.
 *
 * @param automated those by themselves
 * @param requests those that somebody asks for, and the requests about all
 * @param restores what is made of them
 */
record ServerBackups(AutomatedBackups automated, BackupRequests requests, Restores restores) {}
