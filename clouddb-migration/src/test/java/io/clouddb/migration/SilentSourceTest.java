/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.route.Route;
import io.clouddb.migration.route.RouteStore;
import io.clouddb.migration.state.Journal;
import io.clouddb.migration.state.JournalEntry;
import io.clouddb.migration.state.StateStore;
import io.clouddb.sql.ConnectionDetails;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The source's host is gone from one moment to the next: it answers nothing, and ends nothing. */
class SilentSourceTest {
  @TempDir Path folder;

  private static final class Link implements AutoCloseable {
    private final ConnectionDetails server;
    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    volatile boolean silent;

    Link(ConnectionDetails server) throws IOException {
      this.server = server;
      this.listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
      run(this::accept);
    }

    ConnectionDetails through() {
      return server.toBuilder().at("127.0.0.1", listener.getLocalPort()).build();
    }

    private static void run(Runnable work) {
      Thread thread = new Thread(work, "silent-link");
      thread.setDaemon(true);
      thread.start();
    }

    private void accept() {
      while (!listener.isClosed()) {
        try {
          Socket client = listener.accept();
          Socket upstream = new Socket(server.host(), server.port());
          open.add(client);
          open.add(upstream);
          client.setTcpNoDelay(true);
          upstream.setTcpNoDelay(true);
          run(() -> pump(client, upstream));
          run(() -> pump(upstream, client));
        } catch (IOException e) {
          return;
        }
      }
    }

    private void pump(Socket from, Socket to) {
      byte[] buffer = new byte[64 * 1024];
      try (from;
          to) {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          if (!silent) {
            out.write(buffer, 0, read);
          }
        }
      } catch (IOException e) {
        return;
      }
    }

    @Override
    public void close() throws IOException {
      listener.close();
      for (Socket socket : open) {
        socket.close();
      }
    }
  }

  private record Hooked(Journal journal, Runnable decided) implements Journal {
    @Override
    public List<JournalEntry> entries() {
      return journal.entries();
    }

    @Override
    public JournalEntry append(String kind, Map<String, String> data) {
      JournalEntry entry = journal.append(kind, data);
      if (kind.equals("cutover.point-of-no-return")) {
        decided.run();
      }
      return entry;
    }

    @Override
    public Optional<JournalEntry> settle() {
      return journal.settle();
    }

    @Override
    public void close() {
      journal.close();
    }
  }

  @Test
  void theSwitchDoesNotWaitForASourceThatIsLostRightAfterTheDecision() throws Exception {
    try (TwoDatabases both = TwoDatabases.start(16, 16, true);
        Link link = new Link(both.source);
        RouteStore route = RouteStore.file(folder.resolve("route.json"))) {
      ShopSchema.create(both.source, 20);
      StateStore real = StateStore.directory(folder.resolve("state"));
      CountDownLatch decided = new CountDownLatch(1);
      StateStore store =
          id ->
              new Hooked(
                  real.open(id),
                  () -> {
                    link.silent = true;
                    decided.countDown();
                  });
      Migration migration =
          both.migration(folder)
              .from(link.through())
              .route(route)
              .state(store)
              .pauseLimit(Duration.ofSeconds(10))
              .build();
      CompletableFuture.supplyAsync(migration::run);
      assertThat(decided.await(90, TimeUnit.SECONDS)).isTrue();
      long from = System.nanoTime();
      while (route.read().side() != Route.Side.TARGET
          && System.nanoTime() - from < Duration.ofSeconds(30).toNanos()) {
        Thread.sleep(20);
      }
      System.out.println("SWITCHED " + (System.nanoTime() - from) / 1_000_000 + " ms");
      assertThat(route.read().side()).isEqualTo(Route.Side.TARGET);
    }
  }
}
