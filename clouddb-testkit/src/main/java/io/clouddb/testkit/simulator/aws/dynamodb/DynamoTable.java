/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.AwsPartition;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Validation;
import io.clouddb.testkit.simulator.tables.IndexDefinition;
import io.clouddb.testkit.simulator.tables.StoredTable;
import io.clouddb.testkit.simulator.tables.TableDefinition;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A table of the account in one region. May be used from any thread. */
public final class DynamoTable {
  /** What a table goes through. */
  public enum Status {
    /** It is being made, and has no items for anybody. */
    CREATING,
    /** It is there. */
    ACTIVE,
    /** It is there, and being changed. */
    UPDATING,
    /** It is being deleted, and has no items for anybody. */
    DELETING
  }

  private final String region;
  private final String arn;
  private final String id;
  private final Instant created;
  private final StoredTable items;
  private final TableCapacity capacity;
  private volatile Status status = Status.CREATING;
  private volatile boolean strong;
  private volatile @Nullable AwsError refusal;

  /** The global indexes that cannot be read yet. */
  private final Set<String> unfilled = ConcurrentHashMap.newKeySet();

  /**
   * Makes a table, which is being created.
   *
   * @param account the account's number
   * @param region its region
   * @param id a unique id
   * @param created when
   * @param items its items
   * @param capacity what it may read and write
   */
  public DynamoTable(
      String account,
      String region,
      String id,
      Instant created,
      StoredTable items,
      TableCapacity capacity) {
    this.region = region;
    this.arn = arn(account, region, items.definition().name());
    this.id = id;
    this.created = created;
    this.items = items;
    this.capacity = capacity;
  }

  /**
   * The ARN of a table.
   *
   * @param account the account's number
   * @param region its region
   * @param name its name
   * @return the ARN
   */
  public static String arn(String account, String region, String name) {
    return "arn:"
        + AwsPartition.of(region)
        + ":dynamodb:"
        + region
        + ":"
        + account
        + ":table/"
        + name;
  }

  /**
   * Its region.
   *
   * @return for example {@code us-east-1}
   */
  public String region() {
    return region;
  }

  /**
   * Its name.
   *
   * @return unique in its region
   */
  public String name() {
    return items.definition().name();
  }

  /**
   * Its ARN.
   *
   * @return unique
   */
  public String arn() {
    return arn;
  }

  /**
   * Its id, which another table of the same name has not.
   *
   * @return unique
   */
  public String id() {
    return id;
  }

  /**
   * When its creation was asked for.
   *
   * @return by the simulated clock
   */
  public Instant created() {
    return created;
  }

  /**
   * Its items.
   *
   * @return the items, of whatever status it is
   */
  public StoredTable items() {
    return items;
  }

  /**
   * What it looks like.
   *
   * @return as it is now
   */
  public TableDefinition definition() {
    return items.definition();
  }

  /**
   * What it may read and write.
   *
   * @return as it is now
   */
  public TableCapacity capacity() {
    return capacity;
  }

  /**
   * What it goes through.
   *
   * @return as it is now
   */
  public Status status() {
    return status;
  }

  /**
   * Says what it goes through.
   *
   * @param value the next status
   */
  public void setStatus(Status value) {
    this.status = value;
  }

  /**
   * Tells whether its items can be had.
   *
   * @return false while it is created or deleted
   */
  public boolean usable() {
    Status now = status;
    return now == Status.ACTIVE || now == Status.UPDATING;
  }

  /**
   * Tells whether it is one with tables of other regions, strongly consistent, which has no
   * transactions.
   *
   * @return as it is now
   */
  public boolean isStrong() {
    return strong;
  }

  /**
   * Says whether it is one with tables of other regions.
   *
   * @param value whether it is
   */
  public void setStrong(boolean value) {
    this.strong = value;
  }

  /**
   * Has its items refused, as when they cannot be decrypted.
   *
   * @param error what is answered; null for the items again
   */
  public void setRefusal(@Nullable AwsError error) {
    this.refusal = error;
  }

  /**
   * Says that a global index is being filled.
   *
   * @param index its name
   */
  public void beginFilling(String index) {
    unfilled.add(index);
  }

  /**
   * Says that a global index is filled, or has gone.
   *
   * @param index its name
   */
  public void endFilling(String index) {
    unfilled.remove(index);
  }

  /**
   * Looks for an index that can be read.
   *
   * @param index its name
   * @return empty when there is none
   * @throws AwsError while it is being filled
   */
  public Optional<IndexDefinition> readable(String index) {
    if (unfilled.contains(index)) {
      throw Validation.error("Cannot read from backfilling global secondary index: " + index);
    }
    return definition().index(index);
  }

  /** What is answered instead of its items; null for nothing. */
  @Nullable AwsError refusal() {
    return refusal;
  }
}
