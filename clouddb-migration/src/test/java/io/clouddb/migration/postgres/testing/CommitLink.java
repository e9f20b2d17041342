/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.testing;

import io.clouddb.sql.ConnectionDetails;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A proxy to a server that can cut a connection between a commit and its answer: the server has
 * committed and has said so, and the client never hears of it.
 */
public final class CommitLink implements AutoCloseable {
  /** How a CommandComplete message ends. */
  private static final String COMMITTED = "COMMIT\0";

  private final ConnectionDetails server;
  private final ServerSocket listener;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean armed = new AtomicBoolean();

  private CommitLink(ConnectionDetails server) throws IOException {
    this.server = server;
    this.listener = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
  }

  public static CommitLink to(ConnectionDetails server) throws IOException {
    CommitLink link = new CommitLink(server);
    run(link::accept);
    return link;
  }

  /** The server, by way of this link. */
  public ConnectionDetails through() {
    return server.toBuilder().at("127.0.0.1", listener.getLocalPort()).build();
  }

  /** From here on the answer to the first commit is lost, and its connection with it. */
  public void loseNextAnswer() {
    armed.set(true);
  }

  /** Whether that has happened. */
  public boolean lost() {
    return !armed.get();
  }

  private static void run(Runnable work) {
    Thread thread = new Thread(work, "commit-link");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Socket upstream = new Socket(server.host(), server.port());
        client.setTcpNoDelay(true);
        upstream.setTcpNoDelay(true);
        open.add(client);
        open.add(upstream);
        run(() -> pump(client, upstream, false));
        run(() -> pump(upstream, client, true));
      } catch (IOException e) {
        // Closed, or refused: whoever connects sees it.
        continue;
      }
    }
  }

  private void pump(Socket from, Socket to, boolean answers) {
    byte[] buffer = new byte[64 * 1024];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        String text = new String(buffer, 0, read, StandardCharsets.ISO_8859_1);
        if (answers && text.contains(COMMITTED) && armed.compareAndSet(true, false)) {
          return;
        }
        out.write(buffer, 0, read);
      }
    } catch (IOException e) {
      // One side is gone; so is the other.
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
