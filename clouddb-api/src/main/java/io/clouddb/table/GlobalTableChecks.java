/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.internal.FieldChecks;
import io.clouddb.internal.PortableNames;
import io.clouddb.internal.Problems;
import io.clouddb.internal.text.Quoted;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What has to be true of a table on any cloud, in a spec as in a change. */
final class GlobalTableChecks {
  // DynamoDB: 3 to 255 of these. Cosmos DB and Spanner take fewer; their plans say so.
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{3,255}");
  private static final int LONGEST_ATTRIBUTE = 255;
  private static final int MOST_DAYS = 35;
  private static final int LEAST_TARGET = 10;
  private static final int MOST_TARGET = 90;

  private GlobalTableChecks() {}

  static Problems of(GlobalTableSpec spec) {
    Problems problems = new Problems("GlobalTableSpec " + Quoted.of(spec.name()));
    name(spec.name(), "name", problems);
    Map<String, KeyType> types = new HashMap<>();
    key(spec.key(), "the key", types, problems);
    Set<String> names = new HashSet<>();
    for (IndexSpec index : spec.indexes()) {
      problems.require(
          names.add(index.name()), "index " + Quoted.of(index.name()) + " comes twice");
      index(index, types, problems);
      problems.require(
          !index.isLocal()
              || (spec.key().sort().isPresent()
                  && index.key().sort().isPresent()
                  && index.key().partition().equals(spec.key().partition())),
          "local index "
              + Quoted.of(index.name())
              + " needs the partition attribute of the table and a sort attribute, in a table that"
              + " has one");
      problems.require(
          index.throughput().isEmpty()
              || spec.throughput().filter(own -> !own.isOnDemand()).isPresent(),
          "index "
              + Quoted.of(index.name())
              + " has a throughput of its own, and the table is not provisioned");
    }
    regions(spec.regions(), problems);
    settings(spec, problems);
    spec.timeToLive().ifPresent(ttl -> timeToLive(ttl, spec.key(), types, problems));
    spec.version().ifPresent(attribute -> attribute(attribute, "version", types, problems));
    spec.version()
        .ifPresent(
            version ->
                problems.require(
                    spec.timeToLive()
                        .flatMap(TimeToLive::attribute)
                        .filter(version::equals)
                        .isEmpty(),
                    "version and time to live are the same attribute"));
    problems.require(
        spec.version().isEmpty() || spec.writes().orElse(Writes.ONE_REGION) == Writes.ONE_REGION,
        "a version attribute protects from nothing where several regions write: leave it out, or"
            + " write in one region");
    spec.pointInTimeRecoveryDays().ifPresent(days -> days(days, problems));
    return problems;
  }

  /** What a spec, a change and a restore set alike. */
  static void settings(TableSettings<?> settings, Problems problems) {
    settings.throughput().ifPresent(own -> throughput(own, "throughput", problems));
    settings.timeToLive().ifPresent(ttl -> timeToLive(ttl, problems));
    PortableNames.tags(settings.tags(), problems);
  }

  static void name(String name, String what, Problems problems) {
    problems.require(
        NAME.matcher(name).matches(),
        what
            + " "
            + Quoted.of(name)
            + " has to have 3 to 255 letters, digits, hyphens, dots and underscores");
  }

  static void index(IndexSpec index, Map<String, KeyType> types, Problems problems) {
    String what = "index " + Quoted.of(index.name());
    name(index.name(), "index", problems);
    key(index.key(), "the key of " + what, types, problems);
    index.throughput().ifPresent(own -> throughput(own, "throughput of " + what, problems));
  }

  /** One attribute has one type, in whichever keys it is. */
  private static void key(Key key, String what, Map<String, KeyType> types, Problems problems) {
    keyAttribute(key.partition(), what, types, problems);
    key.sort()
        .ifPresent(
            sort -> {
              problems.require(
                  !sort.name().equals(key.partition().name()),
                  what + " has the same attribute for partition and sort");
              keyAttribute(sort, what, types, problems);
            });
  }

  private static void keyAttribute(
      KeyAttribute attribute, String what, Map<String, KeyType> types, Problems problems) {
    problems.require(
        !attribute.name().isEmpty() && attribute.name().length() <= LONGEST_ATTRIBUTE,
        what + " has an attribute whose name has not 1 to 255 characters");
    FieldChecks.plain(attribute.name(), "an attribute of " + what, problems);
    KeyType other = types.putIfAbsent(attribute.name(), attribute.type());
    problems.require(
        other == null || other == attribute.type(),
        "attribute " + Quoted.of(attribute.name()) + " has two types in keys");
  }

  private static void attribute(
      String name, String what, Map<String, KeyType> types, Problems problems) {
    attribute(name, what, problems);
    problems.require(
        !types.containsKey(name), what + " " + Quoted.of(name) + " is an attribute of a key");
  }

  private static void attribute(String name, String what, Problems problems) {
    problems.require(
        !name.isEmpty() && name.length() <= LONGEST_ATTRIBUTE,
        what + " needs the name of an attribute, of 1 to 255 characters");
    FieldChecks.plain(name, what, problems);
  }

  static void regions(List<TableRegion> regions, Problems problems) {
    Set<String> names = new HashSet<>();
    for (TableRegion region : regions) {
      problems.require(!region.name().isBlank(), "a region has no name");
      FieldChecks.plain(region.name(), "a region", problems);
      problems.require(
          names.add(region.name()), "region " + Quoted.of(region.name()) + " comes twice");
      region
          .key()
          .ifPresent(key -> encryptionKey(key, "the key of " + Quoted.of(region.name()), problems));
    }
  }

  static void encryptionKey(String key, String what, Problems problems) {
    problems.require(!key.isBlank(), what + " is empty");
    FieldChecks.plain(key, what, problems);
  }

  static void throughput(Throughput throughput, String what, Problems problems) {
    throughput.reads().ifPresent(reads -> capacity(reads, what + " for reads", problems));
    throughput.writes().ifPresent(writes -> capacity(writes, what + " for writes", problems));
  }

  private static void capacity(Capacity capacity, String what, Problems problems) {
    problems.require(
        capacity.minimum() >= 1 && capacity.maximum() >= capacity.minimum(),
        what + " has to be at least 1, and its maximum no less than its minimum");
    capacity
        .target()
        .ifPresent(
            target ->
                problems.require(
                    target >= LEAST_TARGET && target <= MOST_TARGET,
                    what + " has to aim at 10 to 90 percent, not " + target));
    capacity.scaleInCooldown().ifPresent(pause -> cooldown(pause, what, problems));
    capacity.scaleOutCooldown().ifPresent(pause -> cooldown(pause, what, problems));
    problems.require(
        capacity.autoscaled() || capacity.scaleInCooldown().isEmpty(),
        what + " has pauses and is not autoscaled");
    problems.require(
        capacity.autoscaled() || capacity.minimum() == capacity.maximum(),
        what + " has two ends and is not autoscaled");
    problems.require(
        capacity.scaleInCooldown().isPresent() == capacity.scaleOutCooldown().isPresent(),
        what + " has one pause of two");
  }

  private static void cooldown(Duration pause, String what, Problems problems) {
    problems.require(
        !pause.isNegative() && pause.equals(Duration.ofSeconds(pause.toSeconds())),
        what + " has to have pauses of whole seconds");
  }

  /** Those that expire next can be found by an index, so that its key may have the attribute. */
  private static void timeToLive(
      TimeToLive ttl, Key ofTable, Map<String, KeyType> types, Problems problems) {
    ttl.attribute()
        .ifPresent(
            name -> {
              boolean identifies =
                  ofTable.partition().name().equals(name)
                      || ofTable.sort().filter(sort -> sort.name().equals(name)).isPresent();
              problems.require(
                  !identifies, "time to live " + Quoted.of(name) + " is an attribute of the key");
              KeyType type = types.getOrDefault(name, KeyType.NUMBER);
              problems.require(
                  type == KeyType.NUMBER,
                  "time to live " + Quoted.of(name) + " is a number, and in a key a " + type);
            });
  }

  private static void timeToLive(TimeToLive ttl, Problems problems) {
    ttl.attribute().ifPresent(name -> attribute(name, "time to live", problems));
    ttl.after()
        .ifPresent(
            age ->
                problems.require(
                    age.compareTo(Duration.ofSeconds(1)) >= 0,
                    "time to live has to be at least one second"));
  }

  static void days(int days, Problems problems) {
    problems.require(
        days >= 1 && days <= MOST_DAYS,
        "point-in-time recovery goes back 1 to " + MOST_DAYS + " days, not " + days);
  }
}
