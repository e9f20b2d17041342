/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp;

import com.google.api.client.http.javanet.ConnectionFactory;
import com.google.api.client.http.javanet.DefaultConnectionFactory;
import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * The JDK's connections, with an end. A transport of Google's over them has none: a request that is
 * under way goes on for its whole time limit, which no interrupt shortens, and the JDK keeps idle
 * connections for some seconds.
 */
final class ClosableConnections implements ConnectionFactory, AutoCloseable {
  /** At least as many as the JDK keeps idle to one host, unless it is told otherwise. */
  private static final int RECENT = 16;

  private static final int TIMES = 60;
  private static final long PAUSE_MILLIS = 50;

  private final ConnectionFactory jdk = new DefaultConnectionFactory();

  /** Those that somebody still holds, so whatever is under way. */
  private final Set<HttpURLConnection> held = Collections.newSetFromMap(new WeakHashMap<>());

  /** Those whose connection may be idle. */
  private final Deque<HttpURLConnection> recent = new ArrayDeque<>();

  private boolean closed;

  @Override
  public synchronized HttpURLConnection openConnection(URL url) throws IOException {
    if (closed) {
      throw new ConnectException("The cloud is closed, and nothing was sent");
    }
    HttpURLConnection connection = jdk.openConnection(url);
    held.add(connection);
    recent.addLast(connection);
    if (recent.size() > RECENT) {
      recent.removeFirst();
    }
    return connection;
  }

  /** Ends what is under way; of what is over, disconnecting ends one idle connection each. */
  @Override
  public void close() {
    List<HttpURLConnection> all;
    synchronized (this) {
      closed = true;
      all = new ArrayList<>(held);
      held.clear();
      recent.clear();
    }
    all.forEach(HttpURLConnection::disconnect);
    if (!all.isEmpty()) {
      Thread again = new Thread(() -> disconnect(all), "clouddb-gcp-close");
      again.setDaemon(true);
      again.start();
    }
  }

  /** One that had no socket yet when it was disconnected goes on: it is again when it has. */
  private static void disconnect(List<HttpURLConnection> all) {
    try {
      for (int i = 0; i < TIMES; i++) {
        Thread.sleep(PAUSE_MILLIS);
        all.forEach(HttpURLConnection::disconnect);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
