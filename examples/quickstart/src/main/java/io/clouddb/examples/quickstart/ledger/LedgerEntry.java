/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.quickstart.ledger;

import java.util.UUID;

/**
 * One write of the application, and what it was told of it.
 *
 * @param id names the write; the same id stands in {@code shop.writes}
 * @param kind what it does
 * @param subject whom it does it to; see {@link WriteKind}
 * @param amount how much; see {@link WriteKind}
 * @param outcome what the application was told
 */
public record LedgerEntry(UUID id, WriteKind kind, String subject, int amount, Outcome outcome) {
  /** What the application was told of a write. */
  public enum Outcome {
    /** The commit returned: it has to be there, once. */
    ACKNOWLEDGED,
    /** It failed before its commit and was rolled back: it must not be there. */
    ROLLED_BACK,
    /** Nothing was heard: it may be there or not. */
    IN_DOUBT
  }

  LedgerEntry with(Outcome told) {
    return new LedgerEntry(id, kind, subject, amount, told);
  }
}
