/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.internal.Problems;
import io.clouddb.internal.text.Quoted;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What has to be true of a change of a table on any cloud, whatever the table is. */
final class TableChangeChecks {
  private final TableChange change;
  private final Problems problems = new Problems("TableChange");

  private TableChangeChecks(TableChange change) {
    this.change = change;
  }

  /** All that is wrong, at once. */
  static Problems of(TableChange change) {
    TableChangeChecks checks = new TableChangeChecks(change);
    checks.indexes();
    checks.onDemand();
    checks.regions();
    checks.keys();
    checks.settings();
    return checks.problems;
  }

  private void settings() {
    GlobalTableChecks.settings(change, problems);
    problems.require(
        !change.isNoTimeToLive() || change.timeToLive().isEmpty(),
        "time to live is set and taken away");
    problems.require(
        !change.isNoChangeFeed() || change.changeFeed().isEmpty(),
        "the change feed is set and taken away");
    change
        .pointInTimeRecoveryDays()
        .filter(days -> days != 0)
        .ifPresent(days -> GlobalTableChecks.days(days, problems));
    problems.require(
        change.removedTags().stream().noneMatch(change.tags()::containsKey),
        "a tag is set and taken away");
    once(change.removedTags(), "removed tag");
    problems.require(!change.values().isEmpty(), "it changes nothing");
  }

  private void indexes() {
    once(change.removedIndexes(), "removed index");
    Set<String> names = new HashSet<>(change.removedIndexes());
    Map<String, KeyType> types = new HashMap<>();
    for (IndexSpec index : change.addedIndexes()) {
      String name = Quoted.of(index.name());
      GlobalTableChecks.index(index, types, problems);
      problems.require(
          names.add(index.name()), "index " + name + " comes twice, or is removed too");
      problems.require(
          !index.isLocal(), "index " + name + " is local: such a one is made with the table");
    }
    change
        .indexThroughput()
        .forEach(
            (index, own) -> {
              GlobalTableChecks.throughput(
                  own, "throughput of index " + Quoted.of(index), problems);
              problems.require(
                  !names.contains(index),
                  "index "
                      + Quoted.of(index)
                      + " gets a throughput, and is removed; or is added: say it with that");
            });
  }

  private void onDemand() {
    if (change.throughput().filter(Throughput::isOnDemand).isEmpty()) {
      return;
    }
    Set<String> own = new TreeSet<>(change.indexThroughput().keySet());
    change.addedIndexes().stream()
        .filter(index -> index.throughput().isPresent())
        .forEach(index -> own.add(index.name()));
    own.forEach(
        index ->
            problems.require(
                false,
                "index "
                    + Quoted.of(index)
                    + " gets a throughput of its own, and the table becomes one on demand"));
  }

  private void regions() {
    GlobalTableChecks.regions(change.addedRegions(), problems);
    once(change.removedRegions(), "removed region");
    for (TableRegion region : change.addedRegions()) {
      problems.require(
          !change.removedRegions().contains(region.name()),
          "region " + Quoted.of(region.name()) + " is added and removed");
    }
  }

  private void keys() {
    change
        .regionKeys()
        .forEach(
            (region, key) -> {
              String name = Quoted.of(region);
              GlobalTableChecks.encryptionKey(key, "the key of " + name, problems);
              problems.require(
                  !change.removedRegions().contains(region),
                  "region " + name + " gets a key, and is removed");
              problems.require(
                  change.addedRegions().stream().noneMatch(its -> its.name().equals(region)),
                  "region " + name + " is added: say its key with that");
            });
  }

  private void once(List<String> names, String what) {
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      problems.require(!name.isBlank(), "a " + what + " has no name");
      problems.require(seen.add(name), what + " " + Quoted.of(name) + " comes twice");
    }
  }
}
