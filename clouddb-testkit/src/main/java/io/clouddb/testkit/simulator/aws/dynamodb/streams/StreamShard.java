/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.streams;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a stream: what was written within some hours. Its stream changes it under its lock; how
 * far it goes is read by anybody.
 */
final class StreamShard {
  private final String id;
  private final @Nullable String parent;
  private final Instant opened;
  private final long first;
  private final List<StreamEntry> entries = new ArrayList<>();

  /** Which of them is the first whose day is not over. */
  private int begin;

  private volatile @Nullable Instant closed;

  /** The last entry that there was; less than the first number while there was none. */
  private volatile long last;

  /** Up to which entry its day is over. */
  private volatile long trimmed;

  StreamShard(String id, @Nullable String parent, Instant opened, long first) {
    this.id = id;
    this.parent = parent;
    this.opened = opened;
    this.first = first;
    this.last = first - 1;
    this.trimmed = first - 1;
  }

  String id() {
    return id;
  }

  @Nullable String parent() {
    return parent;
  }

  Instant opened() {
    return opened;
  }

  @Nullable Instant closed() {
    return closed;
  }

  void close(Instant at) {
    closed = at;
  }

  void add(StreamEntry entry) {
    entries.add(entry);
    last = entry.number();
  }

  long first() {
    return first;
  }

  long last() {
    return last;
  }

  /** The last number that is its own, also where there was no entry. */
  long ending() {
    return Math.max(first, last);
  }

  long trimmed() {
    return trimmed;
  }

  /** Forgets what is older than a moment. */
  void trim(Instant oldest) {
    while (begin < entries.size() && entries.get(begin).change().at().isBefore(oldest)) {
      trimmed = entries.get(begin).number();
      begin++;
    }
    // All that follows is moved: not for each of them.
    if (begin > entries.size() / 2) {
      entries.subList(0, begin).clear();
      begin = 0;
    }
  }

  /** The entries from a place on, at most some. */
  List<StreamEntry> from(long number, int limit) {
    int low = begin;
    int high = entries.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (entries.get(middle).number() < number) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return List.copyOf(entries.subList(low, Math.min(entries.size(), low + limit)));
  }

  ObjectNode described() {
    ObjectNode shard = JsonNodeFactory.instance.objectNode().put("ShardId", id);
    ObjectNode range = shard.putObject("SequenceNumberRange");
    range.put("StartingSequenceNumber", StreamEntry.sequence(first));
    if (closed != null) {
      range.put("EndingSequenceNumber", StreamEntry.sequence(ending()));
    }
    if (parent != null) {
      shard.put("ParentShardId", parent);
    }
    return shard;
  }
}
