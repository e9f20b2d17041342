/* SPDX-License-Identifier: Apache-2.0 */
/**
 * PostgreSQL flexible servers (API versions 2022-12-01 and 2025-08-01), over real databases.
 *
 * <p>Requests and answers have the shape of Azure's REST API and of recorded traffic. What differs:
 * the server's host name is a loopback address with a port; firewall rules and private networks are
 * kept and not enforced; Azure's own parameters are those of the query store and TLS; the names of
 * virtual endpoints are resolved by nobody.
 *
 * <p>Read replicas are real standbys, in any region and group. Where no definition and no recording
 * has a rule that the documents have, the page stands in a comment.
 */
@NullMarked
package io.clouddb.testkit.simulator.arm.postgresql;

import org.jspecify.annotations.NullMarked;
