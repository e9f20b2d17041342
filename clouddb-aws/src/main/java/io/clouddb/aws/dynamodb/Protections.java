/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.error.CloudDbException;
import java.util.ArrayList;
import java.util.List;

/**
 * Which of the regions that a table is to be removed from it is protected in, as far as they tell.
 *
 * @param on those in which it is
 * @param off those in which it is not
 * @param silent those that are off or down: DynamoDB knows, and removes none that is protected
 */
record Protections(List<String> on, List<String> off, List<String> silent) {
  /** Asks each of them; the home region has to answer. */
  static Protections of(RegionalCalls calls, String table, List<String> regions) {
    Protections all = new Protections(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (String region : regions) {
      all.find(calls, table, region).add(region);
    }
    return all;
  }

  private List<String> find(RegionalCalls calls, String table, String region) {
    try {
      return calls
              .in(region)
              .find(table)
              .filter(found -> Boolean.TRUE.equals(found.deletionProtectionEnabled()))
              .isPresent()
          ? on
          : off;
    } catch (CloudDbException e) {
      if (!region.equals(calls.homeName()) && RegionalCalls.isOut(e)) {
        return silent;
      }
      throw e;
    }
  }

  /** Of the others none is gone yet when DynamoDB refuses to remove one that does not tell. */
  List<String> silentFirst() {
    List<String> all = new ArrayList<>(silent);
    all.addAll(off);
    all.addAll(on);
    return all;
  }
}
