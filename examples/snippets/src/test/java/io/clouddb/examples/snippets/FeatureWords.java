/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.snippets;

import java.util.Map;

/** What a table calls a feature. */
final class FeatureWords {
  private static final Map<String, String> FIELDS =
      Map.ofEntries(
          Map.entry("name", "name"),
          Map.entry("engine", "engine"),
          Map.entry("engine-version", "version"),
          Map.entry("size", "size of the machine"),
          Map.entry("storage-type", "kind of disk"),
          Map.entry("storage-size", "size of the disk"),
          Map.entry("storage-iops", "bought operations per second of the disk"),
          Map.entry("storage-growth", "a disk that grows by itself"),
          Map.entry("storage-growth-limit", "how far the disk grows"),
          Map.entry("encryption", "encryption at rest"),
          Map.entry("encryption-key", "encryption by a key of yours"),
          Map.entry("availability", "a standby in another zone"),
          Map.entry("database", "the first database"),
          Map.entry("admin-login", "an administrator with a password of yours"),
          Map.entry("admin-managed-password", "a password that the cloud makes and keeps"),
          Map.entry("backups", "automated backups"),
          Map.entry("backup-window", "when backups are made"),
          Map.entry("backup-window-length", "how long a backup may take"),
          Map.entry("backup-retention", "how long backups are kept"),
          Map.entry("point-in-time", "restoring to any point in time"),
          Map.entry("maintenance-window", "when the cloud may maintain it"),
          Map.entry("maintenance-window-length", "how long maintenance may take"),
          Map.entry("private-network", "a private network"),
          Map.entry("public-access", "access from public addresses"),
          Map.entry("tls", "TLS optional or required"),
          Map.entry("deletion-protection", "protection from deletion"),
          Map.entry("parameters", "parameters of PostgreSQL"),
          Map.entry("logical-replication", "logical replication"),
          Map.entry("insights", "insights into queries"),
          Map.entry("insights-retention", "how long insights are kept"),
          Map.entry("tags", "tags"),
          Map.entry("source", "a source in any region"));

  private static final Map<String, String> OTHERS =
      Map.ofEntries(
          Map.entry("instance.change.admin-login", "another password of the administrator"),
          Map.entry("instance.plan", "say before what would become of each field"),
          Map.entry("instance.create", "create"),
          Map.entry("instance.ensure", "create unless it is there"),
          Map.entry("instance.get", "get and find"),
          Map.entry("instance.list", "list"),
          Map.entry("instance.connect", "connect, with TLS that proves the server"),
          Map.entry("instance.drift", "compare with a spec"),
          Map.entry("instance.modify", "modify"),
          Map.entry("instance.resume", "go on in another process, by a token"),
          Map.entry("instance.stop", "stop and start"),
          Map.entry("instance.delete", "delete"),
          Map.entry("replica.create", "create, in any region"),
          Map.entry("replica.get", "get and find"),
          Map.entry("replica.list", "list, in all regions"),
          Map.entry("replica.lag", "measure how far it is"),
          Map.entry("replica.delete", "delete"),
          Map.entry("replica.promote.standalone", "to stand alone"),
          Map.entry(
              "replica.promote.standalone-forced",
              "to stand alone, without waiting for its source"),
          Map.entry("replica.promote.switchover", "to change places with its source"),
          Map.entry(
              "replica.promote.switchover-forced",
              "to take its source's place, without waiting for it"));

  private FeatureWords() {}

  static String of(String id) {
    String words = OTHERS.getOrDefault(id, FIELDS.get(id.substring(id.lastIndexOf('.') + 1)));
    if (words == null) {
      throw new IllegalStateException("There are no words for " + id);
    }
    return words;
  }
}
