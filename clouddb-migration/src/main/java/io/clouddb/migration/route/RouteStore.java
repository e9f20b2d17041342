/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.route;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;

/**
 * Keeps one {@link Route} and the list of those who follow it. All methods are safe for use by many
 * threads and throw an {@link io.clouddb.error.UnavailableException} when the store cannot be
 * reached.
 */
public interface RouteStore extends AutoCloseable {
  /**
   * A route in a file, for applications on one machine. Beside it are a lock file and a folder for
   * the members. The folder that holds it is created when it is missing.
   *
   * @param file the route's file, for example {@code /var/lib/shop/route.json}; its name without
   *     the ending is the route's id
   * @return the store
   */
  static RouteStore file(Path file) {
    return new FileRouteStore(file);
  }

  /**
   * A route in a PostgreSQL database, for applications on several machines. The tables are in the
   * schema {@code clouddb_route}, which is created when it is missing. A third database is best;
   * the source or the target will do, since the tables of that schema are never migrated or fenced.
   *
   * @param dataSource opens connections to that database; use a small pool, since it is asked about
   *     twenty times a second by each process
   * @param id names the route
   * @return the store
   */
  static RouteStore jdbc(DataSource dataSource, String id) {
    return new JdbcRouteStore(dataSource, id);
  }

  /**
   * Reads the route.
   *
   * @return the route; {@link Route#initial} when nobody has written one
   */
  Route read();

  /**
   * Changes the route if nobody else has. A route that was opened to a side is durable when this
   * returns; a pause need not be, since without it the route is open to the side that it was.
   *
   * @param expected the route as it was read
   * @param next what it becomes; its epoch is one higher
   * @return false when the route is not {@code expected} any more, and was left as it is
   */
  boolean compareAndSet(Route expected, Route next);

  /**
   * Puts down what a member says of itself.
   *
   * @param member the member
   */
  void beat(RouteMember member);

  /**
   * Lists the members that have not left; among them those that died without leaving.
   *
   * @return the members
   */
  List<RouteMember> members();

  /**
   * Removes a member.
   *
   * @param memberId its id
   */
  void leave(String memberId);

  /**
   * How often a follower reads the route.
   *
   * @return the pause between two reads
   */
  Duration pollInterval();

  /** Lets go of what the store holds; the route and the members stay. */
  @Override
  void close();
}
