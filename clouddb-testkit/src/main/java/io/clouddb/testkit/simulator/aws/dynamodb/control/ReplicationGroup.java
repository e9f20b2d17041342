/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The tables of one name in several regions that are copies of each other. Whoever calls holds the
 * catalog's lock.
 */
final class ReplicationGroup {
  /** For how long a region cannot go from which another one was filled. */
  private static final Duration SOURCE = Duration.ofHours(24);

  /** What a replica goes through. */
  enum Status {
    CREATING,
    UPDATING,
    DELETING,
    ACTIVE
  }

  /** The copy of a region. */
  static final class Member {
    private final String region;
    private final @Nullable String source;
    private final Instant added;
    private final Map<String, Long> indexReads = new LinkedHashMap<>();
    private Status status;
    private boolean listed;
    private @Nullable ManagedTable table;
    private @Nullable Long reads;
    private @Nullable Long onDemandReads;

    Member(String region, @Nullable String source, Instant added, Status status) {
      this.region = region;
      this.source = source;
      this.added = added;
      this.status = status;
    }

    String region() {
      return region;
    }

    Status status() {
      return status;
    }

    void setStatus(Status next) {
      status = next;
    }

    /** Whether the others say that it is there. */
    boolean isListed() {
      return listed;
    }

    void list() {
      listed = true;
    }

    @Nullable ManagedTable table() {
      return table;
    }

    void setTable(ManagedTable own) {
      table = own;
      listed = true;
    }

    /** What it reads in a second where that is not what all do. */
    @Nullable Long reads() {
      return reads;
    }

    void setReads(@Nullable Long own) {
      reads = own;
    }

    @Nullable Long onDemandReads() {
      return onDemandReads;
    }

    void setOnDemandReads(@Nullable Long own) {
      onDemandReads = own;
    }

    /** What its indexes read in a second where that is not what all do. */
    Map<String, Long> indexReads() {
      return indexReads;
    }
  }

  private final Map<String, Member> members = new LinkedHashMap<>();
  private final boolean strong;
  private final Replication replication;
  private @Nullable String witness;
  private Status witnessStatus = Status.CREATING;
  private boolean witnessListed;

  ReplicationGroup(boolean strong, Replication replication) {
    this.strong = strong;
    this.replication = replication;
  }

  boolean isStrong() {
    return strong;
  }

  Replication replication() {
    return replication;
  }

  void add(Member member) {
    members.put(member.region(), member);
  }

  void remove(String region) {
    members.remove(region);
  }

  Optional<Member> member(String region) {
    return Optional.ofNullable(members.get(region));
  }

  /** Those that a region says are there: all others. */
  List<Member> listedBy(String region) {
    return members.values().stream()
        .filter(member -> member.isListed() && !member.region().equals(region))
        .toList();
  }

  List<Member> members() {
    return List.copyOf(members.values());
  }

  /** The tables that there are. */
  List<ManagedTable> tables() {
    return members.values().stream()
        .map(Member::table)
        .filter(java.util.Objects::nonNull)
        .map(ManagedTable.class::cast)
        .toList();
  }

  /** Whether one of them changes. */
  boolean isBusy() {
    return members.values().stream().anyMatch(member -> member.status() != Status.ACTIVE)
        || tables().stream().anyMatch(table -> table.has(Job.GROUP))
        || (witness != null && witnessStatus != Status.ACTIVE);
  }

  /** Whether another region has been filled from one within a day, and is still there. */
  boolean isSource(String region, Instant now) {
    return members.values().stream()
        .anyMatch(member -> region.equals(member.source) && member.added.plus(SOURCE).isAfter(now));
  }

  @Nullable String witness() {
    return witness;
  }

  void setWitness(@Nullable String region) {
    witness = region;
  }

  Status witnessStatus() {
    return witnessStatus;
  }

  void setWitnessStatus(Status next) {
    witnessStatus = next;
  }

  boolean isWitnessListed() {
    return witnessListed;
  }

  void listWitness() {
    witnessListed = true;
  }
}
