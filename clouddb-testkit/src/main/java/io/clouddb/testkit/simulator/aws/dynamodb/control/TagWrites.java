/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import io.clouddb.testkit.simulator.aws.AwsError;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tags of a table, and the write of them that is going on: for a while after one that changed
 * something, the service lets no other one in but that of tags which have all of its own. One that
 * changes nothing takes no time. Whoever calls holds the catalog's lock.
 */
final class TagWrites {
  private final String table;
  private final Map<String, String> tags = new LinkedHashMap<>();
  private @Nullable Write going;

  /** A write that is not over, which another one of the same tags is not. */
  private static final class Write {
    private final @Nullable Map<String, String> tags;

    /** What it writes; null where it takes tags away. */
    Write(@Nullable Map<String, String> tags) {
      this.tags = tags;
    }

    boolean isIn(Map<String, String> sent) {
      return tags != null && sent.entrySet().containsAll(tags.entrySet());
    }
  }

  TagWrites(String table) {
    this.table = table;
  }

  /** The tags, as the last write left them. */
  Map<String, String> tags() {
    return tags;
  }

  boolean isGoing() {
    return going != null;
  }

  /** What whoever comes too early is told. */
  String said() {
    return "Table tags are being updated: " + table;
  }

  /**
   * Sets tags.
   *
   * @return what ends the write; null where nothing has changed
   */
  @Nullable Runnable set(Map<String, String> sent) {
    if (going != null && !going.isIn(sent)) {
      throw busy();
    }
    Map<String, String> all = new LinkedHashMap<>(tags);
    all.putAll(sent);
    Tags.requireFew(all);
    if (all.equals(tags)) {
      return null;
    }
    tags.putAll(sent);
    return begin(new Write(Map.copyOf(sent)));
  }

  /**
   * Takes tags away.
   *
   * @return what ends the write; null where nothing has changed
   */
  @Nullable Runnable remove(List<String> keys) {
    if (going != null) {
      throw busy();
    }
    return tags.keySet().removeAll(keys) ? begin(new Write(null)) : null;
  }

  private Runnable begin(Write write) {
    going = write;
    return () -> {
      // One that was let in meanwhile has its own time.
      if (going == write) {
        going = null;
      }
    };
  }

  private AwsError busy() {
    return Refusals.limit(said());
  }
}
