/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What every embedded server can be told: a primary, a replica, and one that is restored.
 *
 * @param <B> the builder itself
 */
public abstract sealed class ServerBuilder<B extends ServerBuilder<B>>
    permits EmbeddedPostgresBuilder, ReplicaBuilder, RestoreBuilder {
  int port;
  boolean ssl;
  boolean sslOnly;
  boolean archiving;
  long archiveLimit = EmbeddedPostgresBuilder.ARCHIVE_LIMIT;
  boolean keepData;
  @Nullable Path dataDirectory;
  Duration startTimeout = Duration.ofMinutes(1);
  final Map<String, String> settings = new LinkedHashMap<>();

  ServerBuilder() {}

  abstract B self();

  /**
   * Sets a parameter of the server.
   *
   * @param name the parameter's name
   * @param value its value, as in {@code postgresql.conf}, without quotes
   * @return this builder
   * @throws io.clouddb.error.InvalidArgumentException for what is no name of a parameter, and for
   *     what this package chooses: the address, and what a replica follows
   */
  public B setting(String name, String value) {
    settings.put(ServerSettings.checkName(name), ServerSettings.checkValue(value));
    return self();
  }

  /**
   * Says whether a commit waits until it is on the disk, as it does by default. Without, the server
   * is faster, and a crash of the machine, not of the server, loses data.
   *
   * @param value false to turn {@code fsync} and {@code full_page_writes} off
   * @return this builder
   */
  public B durable(boolean value) {
    String onOff = value ? "on" : "off";
    setting("fsync", onOff);
    return setting("full_page_writes", onOff);
  }

  /**
   * Offers TLS, by a certificate of {@link EmbeddedPostgres#certificateAuthority()}.
   *
   * @param value true to offer it
   * @return this builder
   */
  public B ssl(boolean value) {
    this.ssl = value;
    return self();
  }

  /**
   * Offers TLS, and refuses connections without, but for {@link
   * EmbeddedPostgres#superuserWithoutTls()}.
   *
   * @param value true to insist on it
   * @return this builder
   */
  public B sslOnly(boolean value) {
    this.sslOnly = value;
    return self();
  }

  /**
   * Names the directory for data and log. It is empty or missing, or, of a server that is no new
   * replica, was kept by an earlier server of the same version, which is then gone on with.
   *
   * @param path a directory, which {@link EmbeddedPostgres#close()} deletes unless it is to be kept
   * @return this builder
   */
  public B dataDirectory(Path path) {
    this.dataDirectory = Objects.requireNonNull(path, "dataDirectory");
    return self();
  }

  /**
   * Says whether the data stays when the server is closed.
   *
   * @param value true to keep it
   * @return this builder
   */
  public B keepData(boolean value) {
    this.keepData = value;
    return self();
  }

  /**
   * Asks for a port. By default a free one is taken.
   *
   * @param number the TCP port
   * @return this builder
   */
  public B port(int number) {
    this.port = number;
    return self();
  }

  /**
   * Says how long a start, and a stop, may take; by default a minute.
   *
   * @param limit the limit
   * @return this builder
   */
  public B startTimeout(Duration limit) {
    this.startTimeout = Objects.requireNonNull(limit, "startTimeout");
    return self();
  }
}
