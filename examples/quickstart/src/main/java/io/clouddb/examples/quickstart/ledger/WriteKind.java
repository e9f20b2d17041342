/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.quickstart.ledger;

/** The transactions that the application makes. Each also adds a row to {@code shop.writes}. */
public enum WriteKind {
  /** Adds an order (subject: its customer) with so many lines (amount). */
  PLACE_ORDER,
  /** Counts one more piece of a product (subject) as sold. */
  SELL_PRODUCT,
  /** Deletes an order, and by cascade its lines; the subject is the write that placed it. */
  CANCEL_ORDER,
  /** Puts the write's id into the JSON profile of a customer (subject). */
  UPDATE_PROFILE
}
