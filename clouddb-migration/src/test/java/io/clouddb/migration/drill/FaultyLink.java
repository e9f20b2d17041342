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
import java.util.concurrent.atomic.AtomicInteger;

/** A proxy on loopback whose connections can be dropped, stalled and closed on one side. */
public final class FaultyLink implements AutoCloseable {
  /** What is done to the connections. */
  public enum Fault {
    /** All are reset, and new ones too. */
    DROP,
    /** Nothing goes through, in either direction, and nobody is told. */
    STALL,
    /** What the server says ends, while it still hears; the next one, when none is open. */
    HALF_CLOSE
  }

  private record Pair(Socket client, Socket server, AtomicInteger ended) {}

  private final ServerSocket listener;
  private final InetSocketAddress server;
  private final Set<Pair> pairs = ConcurrentHashMap.newKeySet();
  private final Object state = new Object();
  private final AtomicInteger hits = new AtomicInteger();
  private boolean dropping;
  private boolean stalled;
  private boolean halfClosing;
  private volatile boolean closed;

  public FaultyLink(String host, int port) throws IOException {
    this.server = new InetSocketAddress(host, port);
    this.listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    run(this::accept, "link");
  }

  public int port() {
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
        refused = dropping;
      }
      if (refused) {
        hits.incrementAndGet();
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
    Pair pair = new Pair(client, upstream, new AtomicInteger());
    boolean refused;
    boolean halfClosed;
    synchronized (state) {
      refused = dropping;
      halfClosed = halfClosing;
      halfClosing = false;
      pairs.add(pair);
    }
    if (refused) {
      hits.incrementAndGet();
      end(pair);
      return;
    }
    if (halfClosed) {
      halfClose(pair);
    }
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
      if (pair.ended.incrementAndGet() == 2) {
        end(pair);
      }
    } catch (IOException e) {
      end(pair);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitFlow() throws InterruptedException {
    synchronized (state) {
      if (stalled) {
        hits.incrementAndGet();
      }
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

  /** Begins a fault, which lasts until {@link #mend}; {@link #hits} counts from here. */
  public void inflict(Fault fault) {
    hits.set(0);
    Set<Pair> open;
    synchronized (state) {
      dropping = fault == Fault.DROP;
      stalled = fault == Fault.STALL;
      halfClosing = fault == Fault.HALF_CLOSE && pairs.isEmpty();
      open = Set.copyOf(pairs);
    }
    switch (fault) {
      case DROP -> {
        hits.addAndGet(open.size());
        open.forEach(this::end);
      }
      case HALF_CLOSE -> open.forEach(this::halfClose);
      case STALL -> {
        // What comes waits.
      }
    }
  }

  private void halfClose(Pair pair) {
    hits.incrementAndGet();
    try {
      pair.client.shutdownOutput();
    } catch (IOException e) {
      end(pair);
    }
  }

  /**
   * How many connections the fault has met: open ones, refused ones, and those that had to wait.
   */
  public int hits() {
    return hits.get();
  }

  /** Lets everything through again; what was dropped or closed stays so. */
  public void mend() {
    synchronized (state) {
      dropping = false;
      stalled = false;
      halfClosing = false;
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
