/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What a server is told by its files. It is seen by one thread at a time. */
final class ServerConfiguration {
  private final InstanceDirectory directory;
  private final boolean ssl;
  private final boolean raisesSizes;
  private final String replicationRole;
  private final Map<String, String> settings;
  private boolean sslOnly;
  private Map<String, String> followed = Map.of();

  ServerConfiguration(
      InstanceDirectory directory, ServerBuilder<?> builder, String replicationRole) {
    this.directory = directory;
    this.ssl = builder.ssl || builder.sslOnly;
    this.raisesSizes = builder instanceof ReplicaBuilder replica && replica.raisesSizes;
    this.replicationRole = replicationRole;
    this.settings = new LinkedHashMap<>(builder.settings);
    this.sslOnly = builder.sslOnly;
  }

  void set(String name, String value) {
    settings.put(ServerSettings.checkName(name), ServerSettings.checkValue(value));
  }

  void reset(String name) {
    settings.remove(name);
  }

  /** What somebody has set, in whichever case its name was written. */
  Optional<String> get(String name) {
    return settings.entrySet().stream()
        .filter(entry -> entry.getKey().equalsIgnoreCase(name))
        .map(Map.Entry::getValue)
        .reduce((earlier, later) -> later);
  }

  Map<String, String> settings() {
    return Map.copyOf(settings);
  }

  /** Whether it takes its primary's sizes where its own are smaller. */
  boolean raisesSizes() {
    return raisesSizes;
  }

  boolean ssl() {
    return ssl;
  }

  boolean sslOnly() {
    return sslOnly;
  }

  void sslOnly(boolean value) {
    if (value && !ssl) {
      throw new IllegalStateException("This server has no TLS: use ssl(true) of the builder");
    }
    sslOnly = value;
  }

  String replicationRole() {
    return replicationRole;
  }

  /** The parameters by which a replica finds its primary; none of a server that follows nobody. */
  void follow(Map<String, String> parameters) {
    followed = Map.copyOf(parameters);
  }

  Map<String, String> followed() {
    return followed;
  }

  /** Writes the files, which the server reads at its start and when it is told to. */
  void write() throws IOException {
    directory.configure(
        ServerSettings.text(settings, followed, directory, ssl), sslOnly, replicationRole);
  }
}
