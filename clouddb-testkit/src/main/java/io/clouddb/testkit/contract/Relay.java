/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Stands between a client and a simulator, so that a test sees what any SDK sends and which of its
 * connections are open, and can lose a request on its way.
 */
final class Relay implements AutoCloseable {
  private static final int BUFFER = 64 * 1024;
  private static final Pattern REQUEST =
      Pattern.compile("(?:GET|PUT|POST|PATCH|DELETE|HEAD) .*", Pattern.DOTALL);

  private final URI behind;
  private final ServerSocket door;
  private final Set<Socket> clients = ConcurrentHashMap.newKeySet();
  private int requests;
  private int lostFrom = Integer.MAX_VALUE;
  private boolean lost;

  Relay(URI behind) {
    this.behind = behind;
    try {
      door = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    daemon("relay", this::accept);
  }

  URI endpoint() {
    return URI.create(
        "http://" + door.getInetAddress().getHostAddress() + ":" + door.getLocalPort());
  }

  /** Requests that have arrived here. */
  synchronized int requests() {
    return requests;
  }

  /**
   * Lets some more requests through; the one after them, and all that follow, are never answered.
   */
  synchronized void loseAfter(int more) {
    lostFrom = requests + more + 1;
    lost = false;
  }

  /** Whether a request was lost. */
  synchronized boolean hasLost() {
    return lost;
  }

  /** Lets everything through again. */
  synchronized void mend() {
    lostFrom = Integer.MAX_VALUE;
  }

  /** Connections that the client holds. */
  int connections() {
    return clients.size();
  }

  /** Returns when all connections that were made before count among {@link #connections}. */
  void knock() {
    try (Socket last = new Socket(door.getInetAddress(), door.getLocalPort())) {
      // They are taken in their order; that this one was, is seen by its being closed.
      last.shutdownOutput();
      last.getInputStream().readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        Socket client = door.accept();
        clients.add(client);
        Socket server = new Socket(behind.getHost(), behind.getPort());
        daemon("relay-in", () -> forward(client, server, true));
        daemon("relay-out", () -> forward(server, client, false));
      } catch (IOException e) {
        // Closed, or the simulator is.
      }
    }
  }

  private void forward(Socket from, Socket to, boolean asks) {
    byte[] buffer = new byte[BUFFER];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        if (!asks || passes(new String(buffer, 0, length, StandardCharsets.ISO_8859_1))) {
          out.write(buffer, 0, length);
          out.flush();
        }
      }
    } catch (IOException e) {
      // One of the two is gone: so is the other.
    } finally {
      Socket client = asks ? from : to;
      // The answers' end says nothing of what the client holds: only its own end does.
      if (asks) {
        clients.remove(client);
      }
      closeQuietly(to);
      if (asks) {
        closeQuietly(from);
      }
    }
  }

  private synchronized boolean passes(String text) {
    if (REQUEST.matcher(text).matches()) {
      requests++;
    }
    if (requests >= lostFrom) {
      lost = true;
      return false;
    }
    return true;
  }

  private static void closeQuietly(Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException e) {
      // It is closed for good.
    }
  }

  private static void daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    thread.start();
  }

  @Override
  public void close() {
    closeQuietly(door);
    clients.forEach(Relay::closeQuietly);
  }
}
