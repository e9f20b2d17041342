/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

/**
 * Who runs a server on this machine, and where. A replica has its primary's.
 *
 * @param user who runs it
 * @param work where its programs are, and its data unless that is elsewhere
 * @param installation its programs
 * @param onDisk whether its data must not be in memory
 */
record Host(OperatingUser user, WorkDirectory work, Installation installation, boolean onDisk) {}
