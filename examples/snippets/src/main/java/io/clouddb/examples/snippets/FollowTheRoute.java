/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.snippets;

import com.zaxxer.hikari.HikariDataSource;
import io.clouddb.migration.route.RouteStore;
import io.clouddb.migration.route.SwitchableDataSource;
import io.clouddb.sql.ConnectionDetails;
import java.nio.file.Path;

/** The data source of an application whose database moves while it runs. */
final class FollowTheRoute {
  private FollowTheRoute() {}

  /**
   * Works on the old database until the migration switches, waits in the pause, then on the new.
   */
  static SwitchableDataSource shop(
      Path folder, ConnectionDetails oldDatabase, ConnectionDetails newDatabase) {
    // @start region="follow"
    return SwitchableDataSource.builder(RouteStore.file(folder.resolve("route.json")))
        .source(pool(oldDatabase))
        .target(pool(newDatabase))
        .build();
    // @end region="follow"
  }

  private static HikariDataSource pool(ConnectionDetails database) {
    HikariDataSource pool = new HikariDataSource();
    pool.setDataSource(database.dataSource());
    pool.setMinimumIdle(0); // no connection to the new database before the switch
    pool.setInitializationFailTimeout(-1);
    return pool;
  }
}
