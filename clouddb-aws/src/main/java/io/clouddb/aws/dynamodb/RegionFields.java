/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import static io.clouddb.aws.dynamodb.TableFields.CREATE;

import io.clouddb.spi.mapping.Asked;
import io.clouddb.spi.mapping.FieldRow;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.TableChange;
import io.clouddb.table.TableConsistency;
import io.clouddb.table.TableField;
import io.clouddb.table.TableRegion;
import io.clouddb.table.Writes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.model.SSESpecification;
import software.amazon.awssdk.services.dynamodb.model.SSEType;

/** Regions, what is written and read in them, and their keys. */
final class RegionFields {
  /** "An MRSC global table must be deployed in exactly three Regions", two may have a witness. */
  private static final int STRONG_REGIONS = 3;

  /**
   * The sets of regions that "MRSC global tables can't span": <em>Multi-Region strong
   * consistency</em> in the developer guide.
   */
  private static final List<Set<String>> STRONG_SETS =
      List.of(
          Set.of("us-east-1", "us-east-2", "us-west-2"),
          Set.of("eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1"),
          Set.of("ap-northeast-1", "ap-northeast-2", "ap-northeast-3"));

  static final int REGION_OF_ARN = 3;
  private static final String REPLICAS = "ReplicaUpdates";

  private RegionFields() {}

  static List<FieldRow<?, LiveTable>> rows() {
    return List.of(regions(), addedRegions(), removedRegions(), key(), writes(), consistency());
  }

  private static String home(Asked asked) {
    return asked.facts(String.class);
  }

  private static List<String> names(List<TableRegion> regions) {
    return regions.stream().map(TableRegion::name).toList();
  }

  private static FieldRow<List<TableRegion>, LiveTable> regions() {
    return FieldRow.<List<TableRegion>, LiveTable>of(TableField.REGIONS, Types.REGIONS, REPLICAS)
        .only(
            "One of them is the region that the cloud is open for",
            (regions, asked) ->
                names(regions).contains(home(asked))
                    ? Optional.empty()
                    : Optional.of(
                        "DynamoDB makes a table from one of its regions, and this cloud is open for"
                            + " "
                            + home(asked)),
            (regions, asked) -> "in(\"" + regions.get(0).name() + "\") of this cloud")
        .only(
            "All of one partition of AWS",
            (regions, asked) -> apart(names(regions), asked),
            "regions of one partition")
        .from((live, asked) -> Optional.of(names(LiveSpec.regions(live))))
        .same(
            (wanted, actual, asked) ->
                new TreeSet<>(names(wanted)).equals(new TreeSet<>((List<?>) actual)))
        .build();
  }

  /** China and GovCloud are partitions of their own, between which nothing is replicated. */
  private static Optional<String> apart(List<String> regions, Asked asked) {
    String own = partition(home(asked));
    return regions.stream()
        .filter(region -> !partition(region).equals(own))
        .findFirst()
        .map(
            region ->
                region
                    + " is in the partition "
                    + partition(region)
                    + " of AWS, and nothing is replicated there from "
                    + own);
  }

  private static String partition(String region) {
    return PartitionMetadata.of(Region.of(region)).id();
  }

  private static FieldRow<List<TableRegion>, LiveTable> addedRegions() {
    return FieldRow.<List<TableRegion>, LiveTable>of(
            TableField.ADDED_REGIONS, Types.REGIONS, REPLICAS + " Create")
        .only(
            "Not the region that the cloud is open for",
            (regions, asked) ->
                names(regions).contains(home(asked))
                    ? Optional.of("the table is in " + home(asked) + " already")
                    : Optional.empty(),
            "another region")
        .only(
            "Of the same partition of AWS",
            (regions, asked) -> apart(names(regions), asked),
            "regions of one partition")
        .build();
  }

  private static FieldRow<List<String>, LiveTable> removedRegions() {
    return FieldRow.<List<String>, LiveTable>of(
            TableField.REMOVED_REGIONS, Types.NAMES, REPLICAS + " Delete")
        .only(
            "Not the region that the cloud is open for",
            (regions, asked) ->
                regions.contains(home(asked))
                    ? Optional.of(
                        "DynamoDB removes a replica by a call in another region, and this cloud is"
                            + " open for "
                            + home(asked))
                    : Optional.empty(),
            "in(...) of this cloud for a region that stays")
        .build();
  }

  private static FieldRow<Map<String, String>, LiveTable> key() {
    return FieldRow.<Map<String, String>, LiveTable>of(
            TableField.ENCRYPTION_KEY, Types.TEXTS, "KMSMasterKeyId")
        .vendorField(asked -> "SSESpecification KMSMasterKeyId, " + REPLICAS + " KMSMasterKeyId")
        .only(
            "A key for each region, or for none",
            RegionFields::withoutKey,
            "a key for each region, alias/aws/dynamodb where AWS' own is used, or for none")
        .only(
            "Of a region that is there, that of the region that the cloud is open for",
            (keys, asked) ->
                ofReplica(asked)
                    .map(
                        region ->
                            "DynamoDB changes the key of a replica in its own region only, and this"
                                + " cloud is open for "
                                + home(asked)),
            (keys, asked) -> "in(\"" + ofReplica(asked).orElseThrow() + "\") of this cloud")
        .only(
            "Each of its own region",
            (keys, asked) -> foreign(keys),
            "the ARN of the same multi-Region key, or of another key, there")
        .to(
            CREATE,
            (request, keys, asked) -> {
              String key = keys.get(home(asked));
              if (key != null) {
                request.sseSpecification(encryption(key));
              }
            })
        .from(RegionFields::keys)
        .same((wanted, actual, asked) -> sameKeys(wanted, (Map<?, ?>) actual))
        .build();
  }

  static SSESpecification encryption(String key) {
    return SSESpecification.builder()
        .enabled(true)
        .sseType(SSEType.KMS)
        .kmsMasterKeyId(key)
        .build();
  }

  /** "SSE type" is one of the settings that all replicas have in common. */
  private static Optional<String> withoutKey(Map<String, String> keys, Asked asked) {
    if (!(asked.specification() instanceof GlobalTableSpec spec)) {
      return Optional.empty();
    }
    List<String> without = new ArrayList<>(Wanted.regions(spec, home(asked)));
    without.removeAll(keys.keySet());
    return without.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "all regions of a table are encrypted by keys of KMS or none is, and there is none for "
                + String.join(", ", without));
  }

  /** "KMSMasterKeyId must be specified for each replica" is its word, whatever is specified. */
  private static Optional<String> ofReplica(Asked asked) {
    return asked.specification() instanceof TableChange change
        ? change.regionKeys().keySet().stream()
            .filter(region -> !region.equals(home(asked)))
            .findFirst()
        : Optional.empty();
  }

  private static Optional<String> foreign(Map<String, String> keys) {
    return keys.entrySet().stream()
        .filter(
            entry -> {
              String[] parts = entry.getValue().split(":", -1);
              return entry.getValue().startsWith("arn:")
                  && parts.length > REGION_OF_ARN
                  && !parts[REGION_OF_ARN].equals(entry.getKey());
            })
        .findFirst()
        .map(entry -> "the key of " + entry.getKey() + " is of another region");
  }

  /**
   * An alias cannot be compared with the key that it stands for. Where only that keeps it from
   * being known whether they differ, they are not compared.
   */
  private static Optional<?> keys(LiveTable live, Asked asked) {
    Map<String, String> wanted = asked.value(TableField.ENCRYPTION_KEY, Types.TEXTS).orElseThrow();
    Map<String, String> found = new TreeMap<>();
    boolean aliases = false;
    boolean other = false;
    for (Map.Entry<String, String> key : wanted.entrySet()) {
      LiveTable.Copy copy = live.copies().get(key.getKey());
      Optional<String> its = copy == null ? Optional.empty() : LiveSpec.key(copy);
      String none = copy == null ? "none" : "a key of DynamoDB's own";
      found.put(key.getKey(), its.orElse(none));
      boolean comparable = !isAlias(key.getValue()) || its.isEmpty();
      aliases |= !comparable;
      other |= comparable && !isKey(key.getValue(), its.orElse(none));
    }
    return aliases && !other ? Optional.empty() : Optional.of(found);
  }

  static boolean isAlias(String key) {
    return key.startsWith("alias/") || key.contains(":alias/");
  }

  /** A key is asked for by its id or its ARN, and told by its ARN. */
  static boolean isKey(String wanted, String arn) {
    return wanted.equals(arn) || arn.endsWith(":key/" + wanted);
  }

  private static boolean sameKeys(Map<String, String> wanted, Map<?, ?> actual) {
    return wanted.entrySet().stream()
        .allMatch(entry -> isKey(entry.getValue(), String.valueOf(actual.get(entry.getKey()))));
  }

  private static FieldRow<Writes, LiveTable> writes() {
    return FieldRow.<Writes, LiveTable>of(TableField.WRITES, Writes.class, "")
        .vendorField(asked -> "(none: every region takes writes)")
        .noted(
            (writes, asked) ->
                Optional.of(
                    writes == Writes.ONE_REGION
                        ? "this library refuses writes in the other regions"
                        : asked
                                .value(TableField.CONSISTENCY, TableConsistency.class)
                                .filter(TableConsistency.GLOBAL::equals)
                                .isPresent()
                            ? "a write that collides with one elsewhere is refused"
                            : "the last writer wins"))
        .build();
  }

  private static FieldRow<TableConsistency, LiveTable> consistency() {
    return FieldRow.<TableConsistency, LiveTable>of(
            TableField.CONSISTENCY, TableConsistency.class, "MultiRegionConsistency")
        .only(
            "GLOBAL in exactly three regions of one set",
            (wanted, asked) ->
                wanted == TableConsistency.GLOBAL ? whyNotStrong(asked) : Optional.empty(),
            "us-east-1, us-east-2 and us-west-2, for example, or consistency REGIONAL")
        .shown((wanted, asked) -> wanted == TableConsistency.GLOBAL ? "STRONG" : "EVENTUAL")
        .noted(
            (wanted, asked) ->
                wanted == TableConsistency.GLOBAL
                    ? Optional.of(
                        "without transactions, time to live and local indexes; a witness in place"
                            + " of a third region cannot be asked for")
                    : Optional.empty())
        .from((live, asked) -> Optional.of(LiveSpec.isStrong(live.table()) ? "STRONG" : "EVENTUAL"))
        .build();
  }

  private static Optional<String> whyNotStrong(Asked asked) {
    TreeSet<String> regions = new TreeSet<>();
    if (asked.specification() instanceof GlobalTableSpec spec) {
      regions.addAll(Wanted.regions(spec, home(asked)));
    } else {
      TableChange change = (TableChange) asked.specification();
      regions.add(home(asked));
      regions.addAll(names(change.addedRegions()));
    }
    if (regions.size() != STRONG_REGIONS) {
      return Optional.of(
          "a table that is consistent over its regions has exactly three, made together, not "
              + regions.size());
    }
    return STRONG_SETS.stream().anyMatch(set -> set.containsAll(regions))
        ? Optional.empty()
        : Optional.of(
            "such a table is within one of DynamoDB's sets of regions, and no set has all of "
                + String.join(", ", regions));
  }
}
