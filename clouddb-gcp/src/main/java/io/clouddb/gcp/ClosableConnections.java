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
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;

/**
 * The JDK's connections, with an end. A transport of Google's over them has none: a request that is
 * under way goes on for its whole time limit, which no interrupt shortens, and the JDK keeps idle
 * connections for some seconds. Disconnecting does nothing for a connection that has no socket yet,
 * so by https, as Google is reached, the sockets are ended themselves. By http, on this machine
 * only, a connection is looked at between connecting and sending.
 */
final class ClosableConnections implements ConnectionFactory, AutoCloseable {
  /** At least as many as the JDK keeps idle to one host, unless it is told otherwise. */
  private static final int RECENT = 16;

  private final ConnectionFactory jdk = new DefaultConnectionFactory();

  /** Those that somebody still holds, so whatever is under way. */
  private final Set<HttpURLConnection> held = Collections.newSetFromMap(new WeakHashMap<>());

  /** Those whose connection may be idle. */
  private final Deque<HttpURLConnection> recent = new ArrayDeque<>();

  private final List<ClosableSockets> sockets = new ArrayList<>();

  private boolean closed;

  @Override
  public synchronized HttpURLConnection openConnection(URL url) throws IOException {
    if (closed) {
      throw nothingSent();
    }
    HttpURLConnection connection = jdk.openConnection(url);
    if (connection instanceof HttpsURLConnection https) {
      https.setSSLSocketFactory(closable(https.getSSLSocketFactory()));
    }
    held.add(connection);
    recent.addLast(connection);
    if (recent.size() > RECENT) {
      recent.removeFirst();
    }
    return new CheckedConnection(connection, this);
  }

  /** The same one for the same, since the JDK takes idle connections of the same one only. */
  private SSLSocketFactory closable(SSLSocketFactory tls) {
    for (ClosableSockets each : sockets) {
      if (each.isOver(tls)) {
        return each;
      }
    }
    ClosableSockets created = new ClosableSockets(tls);
    sockets.add(created);
    return created;
  }

  synchronized boolean isClosed() {
    return closed;
  }

  /** Of this class of exceptions, since it says that the outcome is known. */
  static ConnectException nothingSent() {
    return new ConnectException("The cloud is closed, and nothing was sent");
  }

  /** Ends what is under way; of what is over, disconnecting ends one idle connection each. */
  @Override
  public void close() {
    List<HttpURLConnection> all;
    List<ClosableSockets> ends;
    synchronized (this) {
      closed = true;
      all = new ArrayList<>(held);
      held.clear();
      recent.clear();
      ends = new ArrayList<>(sockets);
    }
    // First, as to disconnect is to say goodbye by TLS, which may wait for whoever writes.
    ends.forEach(ClosableSockets::close);
    all.forEach(HttpURLConnection::disconnect);
  }
}
