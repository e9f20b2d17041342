/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.quickstart.application;

import com.zaxxer.hikari.HikariDataSource;
import io.clouddb.examples.quickstart.ledger.LedgerFile;
import io.clouddb.examples.quickstart.process.ParentWatch;
import io.clouddb.migration.route.RouteStore;
import io.clouddb.migration.route.SwitchableDataSource;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The application. It knows both databases and the route, and nothing of the migration. Its
 * arguments: the route's file, the folder of its ledger, the JDBC URLs of source and target, the
 * number of customers, of products and of connections.
 */
public final class ShopApplication {
  /** Environment variable: the user of the database that is migrated. */
  public static final String SOURCE_USER = "CLOUDDB_SOURCE_USER";

  /** Environment variable: its password. */
  public static final String SOURCE_PASSWORD = "CLOUDDB_SOURCE_PASSWORD";

  /** Environment variable: the user of the database that it is migrated to. */
  public static final String TARGET_USER = "CLOUDDB_TARGET_USER";

  /** Environment variable: its password. */
  public static final String TARGET_PASSWORD = "CLOUDDB_TARGET_PASSWORD";

  private static final Logger LOG = LoggerFactory.getLogger(ShopApplication.class);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(5);
  private static final long STATUS_EVERY_MILLIS = 250;

  private ShopApplication() {}

  /**
   * Runs until the standard input ends.
   *
   * @param args see the class
   * @throws IOException when the ledger cannot be written
   * @throws InterruptedException when the main thread is interrupted
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    ParentWatch parent = ParentWatch.begin();
    Path folder = Path.of(args[1]);
    long customers = Long.parseLong(args[4]);
    long products = Long.parseLong(args[5]);
    int connections = Integer.parseInt(args[6]);
    try (HikariDataSource source =
            pool(details(args[2], SOURCE_USER, SOURCE_PASSWORD), connections, "source");
        HikariDataSource target =
            pool(details(args[3], TARGET_USER, TARGET_PASSWORD), connections, "target");
        RouteStore route = RouteStore.file(Path.of(args[0]));
        SwitchableDataSource shop =
            SwitchableDataSource.builder(route)
                .source(source)
                .target(target)
                .description("the shop")
                .build()) {
      write(shop, folder, customers, products, connections, parent, System.out);
    }
    // The other threads are the pools' and the driver's: none of them has anything left to do.
    System.exit(0);
  }

  private static ConnectionDetails details(String url, String user, String password) {
    return ConnectionDetails.ofJdbcUrl(
        url, SecretRef.environment(user).resolve(), SecretRef.environment(password));
  }

  private static HikariDataSource pool(ConnectionDetails details, int size, String name) {
    HikariDataSource pool = new HikariDataSource();
    pool.setPoolName(name);
    pool.setDataSource(details.dataSource());
    pool.setMaximumPoolSize(size);
    // No connection before the first is asked for: the target is not the application's yet.
    pool.setMinimumIdle(0);
    pool.setInitializationFailTimeout(-1);
    pool.setAutoCommit(false);
    return pool;
  }

  private static void write(
      DataSource shop,
      Path folder,
      long customers,
      long products,
      int connections,
      ParentWatch parent,
      PrintStream out)
      throws IOException, InterruptedException {
    WriteCounts counts = new WriteCounts(connections, System::nanoTime);
    CountDownLatch stop = new CountDownLatch(1);
    AtomicBoolean broken = new AtomicBoolean();
    List<LedgerFile> ledgers = new ArrayList<>();
    List<Thread> workers = new ArrayList<>();
    ScheduledExecutorService status = Executors.newSingleThreadScheduledExecutor();
    try {
      SplittableRandom random = new SplittableRandom();
      for (int worker = 0; worker < connections; worker++) {
        LedgerFile ledger = LedgerFile.create(folder, worker);
        ledgers.add(ledger);
        ShopWriter writer =
            new ShopWriter(
                shop,
                ledger,
                worker,
                connections,
                customers,
                products,
                counts,
                stop,
                random.split());
        Thread thread = new Thread(writer, "writer-" + worker);
        thread.setUncaughtExceptionHandler(
            (t, e) -> {
              LOG.error("{} ended", t.getName(), e);
              broken.set(true);
            });
        thread.setDaemon(true);
        workers.add(thread);
      }
      workers.forEach(Thread::start);
      var unused =
          status.scheduleAtFixedRate(
              () -> out.println(counts.status().toLine()),
              0,
              STATUS_EVERY_MILLIS,
              TimeUnit.MILLISECONDS);
      parent.await();
    } finally {
      stop.countDown();
      long deadline = System.nanoTime() + STOP_LIMIT.toNanos();
      for (Thread worker : workers) {
        worker.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
        if (worker.isAlive()) {
          // Its last write stays in doubt: it waits for a database that has gone.
          LOG.warn("{} did not end", worker.getName());
          broken.set(true);
        }
      }
      status.shutdown();
      if (!status.awaitTermination(1, TimeUnit.SECONDS)) {
        LOG.warn("The status was not told to the end");
      }
      for (LedgerFile ledger : ledgers) {
        ledger.close();
      }
      out.println(counts.status().toLine());
    }
    if (broken.get()) {
      System.exit(1);
    }
  }
}
