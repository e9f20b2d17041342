/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.quickstart.ledger;

/**
 * What became of the application's writes.
 *
 * @param acknowledged writes whose commit returned
 * @param lost acknowledged writes that are not in the database, whole
 * @param duplicated writes that are there more often than they may be
 * @param inDoubt writes of which the application never heard
 * @param inDoubtFound those of them that are there
 */
public record LedgerResult(
    long acknowledged, long lost, long duplicated, long inDoubt, long inDoubtFound) {}
