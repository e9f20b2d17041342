/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.drill;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A proxy on loopback whose connections can be cut, stalled and closed on one side. */
final class FaultyLink implements AutoCloseable {
  /** What is done to the connections. */
  enum Fault {
    /** All are reset, and new ones too. */
    CUT,
    /** Nothing goes through, in either direction, and nobody is told. */
    STALL,
    /** What the server says ends, while it still hears. */
    HALF_CLOSE
  }

  private record Pair(Socket client, Socket server) {}

  private final ServerSocket listener;
  private final InetSocketAddress server;
  private final Set<Pair> pairs = ConcurrentHashMap.newKeySet();
  private final Object state = new Object();
  private boolean cut;
  private boolean stalled;
  private volatile boolean closed;

  FaultyLink(String host, int port) throws IOException {
    this.server = new InetSocketAddress(host, port);
    this.listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    run(this::accept, "link");
  }

  int port() {
    return listener.getLocalPort();
  }

  private static void run(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!closed) {
      Socket client;
      try {
        client = listener.accept();
      } catch (IOException e) {
        return;
      }
      boolean refused;
      synchronized (state) {
        refused = cut;
      }
      if (refused) {
        reset(client);
      } else {
        run(() -> connect(client), "link-connect");
      }
    }
  }

  private void connect(Socket client) {
    Socket upstream = new Socket();
    try {
      upstream.connect(server);
      client.setTcpNoDelay(true);
      upstream.setTcpNoDelay(true);
    } catch (IOException e) {
      reset(client);
      reset(upstream);
      return;
    }
    Pair pair = new Pair(client, upstream);
    pairs.add(pair);
    run(() -> pump(pair, client, upstream), "link-up");
    run(() -> pump(pair, upstream, client), "link-down");
  }

  private void pump(Pair pair, Socket from, Socket to) {
    byte[] buffer = new byte[16 * 1024];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        awaitFlow();
        out.write(buffer, 0, read);
      }
      to.shutdownOutput();
    } catch (IOException e) {
      end(pair);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitFlow() throws InterruptedException {
    synchronized (state) {
      while (stalled) {
        state.wait();
      }
    }
  }

  private void end(Pair pair) {
    pairs.remove(pair);
    reset(pair.client);
    reset(pair.server);
  }

  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      // It is gone already.
      return;
    }
  }

  void inflict(Fault fault) {
    switch (fault) {
      case CUT -> {
        synchronized (state) {
          cut = true;
        }
        pairs.forEach(this::end);
      }
      case STALL -> {
        synchronized (state) {
          stalled = true;
        }
      }
      case HALF_CLOSE ->
          pairs.forEach(
              pair -> {
                try {
                  pair.client.shutdownOutput();
                } catch (IOException e) {
                  end(pair);
                }
              });
    }
  }

  /** Lets everything through again; what was cut stays cut. */
  void mend() {
    synchronized (state) {
      cut = false;
      stalled = false;
      state.notifyAll();
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    mend();
    listener.close();
    pairs.forEach(this::end);
  }
}
