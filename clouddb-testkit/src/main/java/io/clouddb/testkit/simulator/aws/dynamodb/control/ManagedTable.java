/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import io.clouddb.testkit.simulator.aws.dynamodb.DynamoTable;
import io.clouddb.testkit.simulator.aws.dynamodb.TableCapacity;
import io.clouddb.testkit.simulator.aws.dynamodb.backup.Recovery;
import io.clouddb.testkit.simulator.aws.dynamodb.streams.TableStream;
import io.clouddb.testkit.simulator.tables.KeySchema;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A table as its owner manages it: all that is not its items. Whoever calls holds the catalog's
 * lock.
 */
public final class ManagedTable {
  private final DynamoTable table;
  private final Throughput throughput;
  private final WarmThroughput warm;
  private final Encryption encryption;
  private final TableClass tableClass;
  private final TimeToLive timeToLive = new TimeToLive();
  private final Recovery recovery;
  private final Statistics statistics = new Statistics();
  private final Map<String, ManagedIndex> indexes = new LinkedHashMap<>();
  private final TagWrites tags;
  private final Set<Job> jobs = EnumSet.noneOf(Job.class);
  private boolean onDemand;
  private boolean billingSaid;
  private final OnDemandSwitches onDemandSwitches = new OnDemandSwitches();
  private @Nullable Instant onDemandSince;
  private OnDemandLimits limits = OnDemandLimits.NONE;
  private @Nullable TableStream stream;
  private @Nullable TableStream lastStream;
  private boolean deletionProtection;
  private @Nullable Instant protectionChanged;
  private @Nullable ReplicationGroup group;
  private @Nullable RestoreSummary restore;
  private @Nullable String settingsReplication;
  private @Nullable Instant active;

  ManagedTable(
      DynamoTable table,
      Throughput throughput,
      WarmThroughput warm,
      Encryption encryption,
      TableClass tableClass) {
    this.table = table;
    this.throughput = throughput;
    this.warm = warm;
    this.encryption = encryption;
    this.tableClass = tableClass;
    this.recovery = new Recovery(table.items());
    this.tags = new TagWrites(table.name());
  }

  /**
   * What it is restored from.
   *
   * @param backup ARN of the backup; null for a moment
   * @param source ARN of the table
   * @param moment what it becomes is what that was
   */
  record RestoreSummary(@Nullable String backup, String source, Instant moment) {}

  /**
   * Its items, and where it is.
   *
   * @return the table as those see it who use it
   */
  public DynamoTable table() {
    return table;
  }

  /**
   * Its name.
   *
   * @return unique in its region
   */
  public String name() {
    return table.name();
  }

  /**
   * Its region.
   *
   * @return for example {@code us-east-1}
   */
  public String region() {
    return table.region();
  }

  /**
   * Its key.
   *
   * @return never changes
   */
  public KeySchema keys() {
    return table.definition().keys();
  }

  Throughput throughput() {
    return throughput;
  }

  WarmThroughput warm() {
    return warm;
  }

  Encryption encryption() {
    return encryption;
  }

  TableClass tableClass() {
    return tableClass;
  }

  TimeToLive timeToLive() {
    return timeToLive;
  }

  /**
   * What it was.
   *
   * @return its continuous backups
   */
  public Recovery recovery() {
    return recovery;
  }

  Statistics statistics() {
    return statistics;
  }

  Map<String, ManagedIndex> indexes() {
    return indexes;
  }

  Map<String, String> tags() {
    return tags.tags();
  }

  TagWrites tagWrites() {
    return tags;
  }

  boolean isOnDemand() {
    return onDemand;
  }

  /** Whether it is shown how it is paid, also where it is provisioned. */
  boolean isBillingSaid() {
    return billingSaid;
  }

  @Nullable Instant onDemandSince() {
    return onDemandSince;
  }

  OnDemandSwitches onDemandSwitches() {
    return onDemandSwitches;
  }

  void setBilling(boolean demand, boolean said, @Nullable Instant since) {
    onDemand = demand;
    billingSaid = said;
    onDemandSince = since;
  }

  void setOnDemandSince(Instant since) {
    onDemandSince = since;
  }

  OnDemandLimits limits() {
    return limits;
  }

  void setLimits(OnDemandLimits next) {
    limits = next;
  }

  @Nullable TableStream stream() {
    return stream;
  }

  /** The stream that it has, or had last. */
  @Nullable TableStream lastStream() {
    return lastStream;
  }

  void beginStream(TableStream next) {
    stream = next;
    lastStream = next;
    table.items().addListener(next);
  }

  void endStream(Instant now) {
    if (stream != null) {
      table.items().removeListener(stream);
      stream.disable(now);
      stream = null;
    }
  }

  boolean isProtected() {
    return deletionProtection;
  }

  @Nullable Instant protectionChanged() {
    return protectionChanged;
  }

  void setProtected(boolean on, @Nullable Instant changed) {
    deletionProtection = on;
    protectionChanged = changed;
  }

  @Nullable ReplicationGroup group() {
    return group;
  }

  void setGroup(@Nullable ReplicationGroup next) {
    group = next;
    table.setStrong(next != null && next.isStrong());
  }

  /** What it was made of; null where it was not restored. */
  @Nullable RestoreSummary restore() {
    return restore;
  }

  boolean isRestoring() {
    return restore != null && isCreating();
  }

  void setRestore(RestoreSummary summary) {
    restore = summary;
  }

  @Nullable String settingsReplication() {
    return settingsReplication;
  }

  void setSettingsReplication(@Nullable String mode) {
    settingsReplication = mode;
  }

  /** Since when it can be used; null while it is created. */
  @Nullable Instant active() {
    return active;
  }

  boolean has(Job job) {
    return jobs.contains(job);
  }

  boolean isBusy() {
    return !jobs.isEmpty();
  }

  void begin(Job job) {
    jobs.add(job);
    show();
  }

  void end(Job job) {
    jobs.remove(job);
    show();
  }

  private void show() {
    if (table.usable()) {
      boolean shown = jobs.stream().anyMatch(Job::isShown);
      table.setStatus(shown ? DynamoTable.Status.UPDATING : DynamoTable.Status.ACTIVE);
    }
  }

  /** Lets it be used. */
  void activate(Instant now) {
    active = now;
    table.setStatus(DynamoTable.Status.ACTIVE);
    show();
  }

  boolean isCreating() {
    return table.status() == DynamoTable.Status.CREATING;
  }

  boolean isDeleting() {
    return table.status() == DynamoTable.Status.DELETING;
  }

  /** The service's word for what it goes through. */
  String status() {
    return table.status() == DynamoTable.Status.ACTIVE && encryption.isInaccessible()
        ? "INACCESSIBLE_ENCRYPTION_CREDENTIALS"
        : table.status().name();
  }

  /** Has it take as much as its throughput says, now. */
  void applyThroughput() {
    TableCapacity capacity = table.capacity();
    if (onDemand) {
      capacity.payOnDemand();
      return;
    }
    capacity.provision(null, new TableCapacity.Units(throughput.read(), throughput.write()));
    for (ManagedIndex index : indexes.values()) {
      Throughput own = index.throughput();
      capacity.provision(index.name(), new TableCapacity.Units(own.read(), own.write()));
    }
  }

  /** The names of indexes that go through something. */
  List<String> indexesThat(java.util.function.Predicate<ManagedIndex> go) {
    return indexes.values().stream().filter(go).map(ManagedIndex::name).toList();
  }
}
