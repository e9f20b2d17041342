/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import io.clouddb.migration.route.RouteStore;
import io.clouddb.migration.route.SwitchableDataSource;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * An application in a process of its own. It writes through the route until its input is closed,
 * and puts down each acknowledged write with the side that took it, and each error.
 */
public final class ShopProcess implements AutoCloseable {
  private static final SecretRef PASSWORD = SecretRef.literal("secret");

  private final Process process;
  private final Path ledger;

  private ShopProcess(Process process, Path ledger) {
    this.process = process;
    this.ledger = ledger;
  }

  /** Starts one. */
  static ShopProcess start(Path route, TwoDatabases both, Path ledger) throws IOException {
    Process process =
        new ProcessBuilder(
                JavaCommand.of(
                    "64m",
                    ShopProcess.class,
                    route.toString(),
                    both.source.jdbcUrl(),
                    both.target.jdbcUrl(),
                    ledger.toString()))
            .redirectErrorStream(true)
            .redirectOutput(new File(ledger + ".log"))
            .start();
    return new ShopProcess(process, ledger);
  }

  /** What it has put down: {@code source <id>}, {@code target <id>} or {@code error <message>}. */
  List<String> lines() throws IOException {
    if (!process.isAlive() && process.exitValue() != 0) {
      throw new AssertionError(Files.readString(Path.of(ledger + ".log")));
    }
    return Files.exists(ledger) ? Files.readAllLines(ledger) : List.of();
  }

  long count(String kind) throws IOException {
    return lines().stream().filter(line -> line.startsWith(kind + " ")).count();
  }

  /** Lets it end. */
  void stop() throws IOException, InterruptedException {
    process.getOutputStream().close();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("The application does not end");
    }
  }

  /** Kills it, as a crash does. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  public static void main(String[] arguments) throws IOException {
    ConnectionDetails source = ConnectionDetails.ofJdbcUrl(arguments[1], "source_admin", PASSWORD);
    ConnectionDetails target = ConnectionDetails.ofJdbcUrl(arguments[2], "target_admin", PASSWORD);
    try (RouteStore route = RouteStore.file(Path.of(arguments[0]));
        SwitchableDataSource shop =
            SwitchableDataSource.builder(route)
                .source(source.dataSource())
                .target(target.dataSource())
                .build();
        BufferedWriter ledger = Files.newBufferedWriter(Path.of(arguments[3]))) {
      CompletableFuture<Void> inputClosed = watchInput();
      while (!inputClosed.isDone()) {
        UUID id = UUID.randomUUID();
        String line;
        try (Connection connection = shop.getConnection();
            PreparedStatement insert =
                connection.prepareStatement("INSERT INTO public.ledger VALUES (?, 0, 0, 0)")) {
          insert.setObject(1, id);
          insert.executeUpdate();
          String user = connection.getMetaData().getUserName();
          line = user.substring(0, user.indexOf('_')) + " " + id;
        } catch (SQLException e) {
          line = "error " + id + " " + e.getMessage();
        }
        ledger.write(line.replace('\n', ' '));
        ledger.newLine();
        ledger.flush();
      }
    }
  }

  /** Completes when the input has come to its end. */
  private static CompletableFuture<Void> watchInput() {
    return CompletableFuture.runAsync(
        () -> {
          try {
            System.in.transferTo(OutputStream.nullOutputStream());
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }
}
