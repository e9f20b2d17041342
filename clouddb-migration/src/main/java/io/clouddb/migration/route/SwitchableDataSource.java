/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.route;

import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The data source of an application whose database is migrated while it runs. It hands out
 * connections to the source until the migration pauses it, lets {@link #getConnection()} wait in
 * the pause, and hands out connections to the target from then on. Any number of processes can have
 * one; they follow the same {@link RouteStore}.
 *
 * <pre>{@code
 * try (SwitchableDataSource shop =
 *     SwitchableDataSource.builder(RouteStore.file(Path.of("route.json")))
 *         .source(oldPool)
 *         .target(newPool)
 *         .build()) { ... }
 * }</pre>
 *
 * <p>Put pools <em>under</em> it, one for each side, never over it: a pool over it would keep
 * connections out and so hold up the pause. Borrow a connection for one unit of work and close it.
 *
 * <p>A process that could not read the route for its lease hands out nothing until it can: it may
 * have missed a switch. Closing stops the follower and leaves the route; the two data sources and
 * the store stay open, being the caller's.
 */
public final class SwitchableDataSource implements DataSource, AutoCloseable {
  private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(SwitchableDataSource.class);

  private final RouteStore store;
  private final DataSource source;
  private final DataSource target;
  private final Duration waitLimit;
  private final ConnectionGate gate;
  private final String memberId;
  private final Thread follower;

  private SwitchableDataSource(Builder builder, DataSource source, DataSource target) {
    this.store = builder.store;
    this.source = source;
    this.target = target;
    this.waitLimit = builder.waitLimit;
    this.memberId = UUID.randomUUID().toString();
    this.gate = new ConnectionGate(memberId, builder.lease, System::nanoTime);
    RouteFollower following =
        new RouteFollower(
            store,
            gate,
            memberId,
            builder.description,
            builder.lease,
            builder.clock,
            System::nanoTime);
    following.join();
    this.follower = new Thread(following, "clouddb-route");
    this.follower.setDaemon(true);
  }

  /**
   * Starts a data source.
   *
   * @param store where the route is; it stays open when the data source is closed
   * @return a builder
   */
  public static Builder builder(RouteStore store) {
    return new Builder(store);
  }

  /**
   * A connection to the side that the route names. Waits while the route is paused or cannot be
   * read, and for a moment while a migration slows the application down.
   *
   * @return a connection; closing it gives it back
   * @throws java.sql.SQLTransientConnectionException when the limit of waiting has passed
   * @throws SQLException when the data source of that side cannot connect
   */
  @Override
  public Connection getConnection() throws SQLException {
    Route.Side side = gate.enter(waitLimit);
    try {
      DataSource chosen = side == Route.Side.SOURCE ? source : target;
      return LeasedConnection.wrap(chosen.getConnection(), gate);
    } catch (SQLException | RuntimeException | Error e) {
      gate.leave();
      throw e;
    }
  }

  /** Refused: the two sides have logins of their own. */
  @Override
  public Connection getConnection(String username, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException("The two sides have logins of their own");
  }

  /**
   * How many connections are out.
   *
   * @return the number
   */
  public int borrowed() {
    return gate.borrowed();
  }

  /** Stops following and leaves the route. Connections that are out stay usable. */
  @Override
  public void close() {
    if (gate.closed()) {
      return;
    }
    gate.close();
    boolean interrupted = false;
    while (follower.isAlive()) {
      try {
        follower.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    try {
      store.leave(memberId);
    } catch (RuntimeException e) {
      LOG.warn("The route still lists this process until its lease is over: {}", e.getMessage());
    }
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(@Nullable PrintWriter out) throws SQLException {
    if (out != null) {
      throw new SQLFeatureNotSupportedException("This data source logs through SLF4J only");
    }
  }

  @Override
  public void setLoginTimeout(int seconds) throws SQLException {
    throw new SQLFeatureNotSupportedException("Set the limit of waiting on the builder");
  }

  @Override
  public int getLoginTimeout() {
    return (int) Math.min(Integer.MAX_VALUE, waitLimit.toSeconds());
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException("This data source logs through SLF4J only");
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    if (type.isInstance(this)) {
      return type.cast(this);
    }
    throw new SQLException("There is no " + type.getName() + " that both sides have in common");
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return type.isInstance(this);
  }

  /** Builds a {@link SwitchableDataSource}. */
  public static final class Builder {
    private final RouteStore store;
    private @Nullable DataSource source;
    private @Nullable DataSource target;
    private Duration waitLimit = Duration.ofSeconds(30);
    private Duration lease = Duration.ofSeconds(3);
    private Clock clock = Clock.systemUTC();
    private String description = "process " + ProcessHandle.current().pid() + " on " + hostName();

    private Builder(RouteStore store) {
      this.store = Objects.requireNonNull(store, "store");
    }

    /**
     * Gives the database that is migrated.
     *
     * @param value opens connections to it, best from a pool; stays open
     * @return this builder
     */
    public Builder source(DataSource value) {
      this.source = Objects.requireNonNull(value, "source");
      return this;
    }

    /**
     * Gives the database that it is migrated to.
     *
     * @param value opens connections to it, best from a pool; it is not used before the switch;
     *     stays open
     * @return this builder
     */
    public Builder target(DataSource value) {
      this.target = Objects.requireNonNull(value, "target");
      return this;
    }

    /**
     * How long {@link SwitchableDataSource#getConnection()} waits in a pause. 30 s unless set.
     *
     * @param value the limit
     * @return this builder
     */
    public Builder waitLimit(Duration value) {
      if (value.isNegative()) {
        throw new IllegalArgumentException("waitLimit is not negative");
      }
      this.waitLimit = value;
      return this;
    }

    /**
     * How long this process may hand out connections without having read the route. 3 s unless set.
     * A migration waits this long for a process that died.
     *
     * @param value the lease, at least ten polls of the store, at most an hour
     * @return this builder
     */
    public Builder lease(Duration value) {
      if (value.compareTo(store.pollInterval().multipliedBy(10)) < 0) {
        throw new IllegalArgumentException(
            "The lease is at least ten polls: " + store.pollInterval().multipliedBy(10));
      }
      if (value.compareTo(RouteMember.LONGEST_LEASE) > 0) {
        throw new IllegalArgumentException(
            "The lease is at most an hour: a migration waits that long for a process that died");
      }
      this.lease = value;
      return this;
    }

    /**
     * Says who this is, for messages of the migration. The process id and the host unless set.
     *
     * @param value a few words
     * @return this builder
     */
    public Builder description(String value) {
      this.description = Objects.requireNonNull(value, "description");
      return this;
    }

    /**
     * Gives the clock for the times in the route record. The system's unless set.
     *
     * @param value the clock
     * @return this builder
     */
    public Builder clock(Clock value) {
      this.clock = Objects.requireNonNull(value, "clock");
      return this;
    }

    /**
     * Joins the route, reads it, and starts to follow it.
     *
     * @return the data source
     * @throws io.clouddb.error.UnavailableException when the route cannot be read or written
     */
    public SwitchableDataSource build() {
      if (source == null || target == null) {
        throw new IllegalStateException("Both source and target are needed");
      }
      SwitchableDataSource made = new SwitchableDataSource(this, source, target);
      made.follower.start();
      return made;
    }

    private static String hostName() {
      try {
        return InetAddress.getLocalHost().getHostName();
      } catch (UnknownHostException e) {
        return "an unnamed host";
      }
    }
  }
}
