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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A proxy to a server that can cut a connection between a statement and its answer: the server has
 * done it and has said so, and the client never hears of it.
 */
public final class AnswerLink implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AnswerLink.class);

  private final ConnectionDetails server;
  private final String answer;
  private final ServerSocket listener;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean armed = new AtomicBoolean();
  private volatile boolean refusing;
  private volatile boolean refusesThen;

  private AnswerLink(ConnectionDetails server, String tag) throws IOException {
    this.server = server;
    // How the message CommandComplete ends.
    this.answer = tag + "\0";
    this.listener = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
  }

  /**
   * Makes one.
   *
   * @param tag what the server says when it has done it: {@code COMMIT}, {@code INSERT 0 1}
   */
  public static AnswerLink to(ConnectionDetails server, String tag) throws IOException {
    AnswerLink link = new AnswerLink(server, tag);
    run(link::accept);
    return link;
  }

  /** The server, by way of this link. */
  public ConnectionDetails through() {
    return server.toBuilder().at("127.0.0.1", listener.getLocalPort()).build();
  }

  /** The next such answer is lost, and its connection with it. */
  public void loseNextAnswer() {
    armed.set(true);
  }

  /** So it is, and no connection is taken after it until {@link #mend}. */
  public void loseNextAnswerAndRefuse() {
    refusesThen = true;
    armed.set(true);
  }

  /** No connection is taken until {@link #mend}. */
  public void refuse() {
    refusing = true;
  }

  /** All goes through again. */
  public void mend() {
    refusesThen = false;
    refusing = false;
  }

  /** Whether that has happened. */
  public boolean lost() {
    return !armed.get();
  }

  private static void run(Runnable work) {
    Thread thread = new Thread(work, "answer-link");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        if (refusing) {
          client.close();
        } else {
          connect(client);
        }
      } catch (IOException e) {
        // Closed, or the server refuses: whoever connects sees it.
        LOG.debug("A connection was not made", e);
      }
    }
  }

  private void connect(Socket client) throws IOException {
    open.add(client);
    Socket upstream = new Socket(server.host(), server.port());
    open.add(upstream);
    client.setTcpNoDelay(true);
    upstream.setTcpNoDelay(true);
    run(() -> pump(client, upstream, false));
    run(() -> pump(upstream, client, true));
  }

  private void pump(Socket from, Socket to, boolean answers) {
    byte[] buffer = new byte[64 * 1024];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        String text = new String(buffer, 0, read, StandardCharsets.ISO_8859_1);
        if (answers && text.contains(answer) && armed.compareAndSet(true, false)) {
          refusing = refusesThen;
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
