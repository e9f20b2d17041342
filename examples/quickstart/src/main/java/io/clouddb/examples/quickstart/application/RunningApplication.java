/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.quickstart.application;

import io.clouddb.examples.quickstart.ledger.LedgerEntry;
import io.clouddb.examples.quickstart.ledger.LedgerFile;
import io.clouddb.examples.quickstart.process.ChildJvm;
import io.clouddb.examples.quickstart.shop.ShopData;
import io.clouddb.sql.ConnectionDetails;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/** The application's process, seen from the one that started it. */
public final class RunningApplication implements AutoCloseable {
  /** How many connections it writes with. */
  public static final int CONNECTIONS = 2;

  private static final Duration START_LIMIT = Duration.ofSeconds(30);

  private final ChildJvm process;
  private final Path ledger;
  private final AtomicReference<ApplicationStatus> status;

  private RunningApplication(
      ChildJvm process, Path ledger, AtomicReference<ApplicationStatus> status) {
    this.process = process;
    this.ledger = ledger;
    this.status = status;
  }

  /**
   * Starts the application and waits until it writes.
   *
   * @param folder a new folder for its ledger and its log
   * @param route the route's file
   * @param source the database that is migrated
   * @param target the database that it is migrated to
   * @param data what is in the source
   * @return the application
   * @throws IOException when it cannot be started
   * @throws InterruptedException when this thread is interrupted
   */
  public static RunningApplication start(
      Path folder, Path route, ConnectionDetails source, ConnectionDetails target, ShopData data)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    AtomicReference<ApplicationStatus> status = new AtomicReference<>(ApplicationStatus.NONE);
    ChildJvm process =
        ChildJvm.start(
            "application",
            ShopApplication.class,
            List.of("-Xmx256m"),
            List.of(
                route.toString(),
                folder.toString(),
                source.jdbcUrl(),
                target.jdbcUrl(),
                Long.toString(data.customers()),
                Long.toString(data.products()),
                Integer.toString(CONNECTIONS)),
            Map.of(
                ShopApplication.SOURCE_USER, source.user(),
                ShopApplication.SOURCE_PASSWORD, source.credentials().getProperty("password"),
                ShopApplication.TARGET_USER, target.user(),
                ShopApplication.TARGET_PASSWORD, target.credentials().getProperty("password")),
            folder.resolve("application.log"),
            line -> status.set(ApplicationStatus.ofLine(line)));
    try {
      process.awaitReady(START_LIMIT);
    } catch (RuntimeException | InterruptedException e) {
      process.close();
      throw e;
    }
    return new RunningApplication(process, folder, status);
  }

  /** What it has seen so far, as of a moment ago. */
  public ApplicationStatus status() {
    return Objects.requireNonNullElse(status.get(), ApplicationStatus.NONE);
  }

  /** Whether it runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Has it finish what it is at, and end.
   *
   * @return whether it ended well
   */
  public boolean stop() {
    return process.stop();
  }

  /**
   * What it noted.
   *
   * @return all entries; call it after {@link #stop()}
   * @throws IOException when the ledger cannot be read
   */
  public List<LedgerEntry> ledger() throws IOException {
    return LedgerFile.readAll(ledger);
  }

  @Override
  public void close() {
    process.close();
  }
}
