/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import javax.net.ssl.SSLSocketFactory;

/**
 * TLS over sockets that can all be ended, in whatever they are: connecting, shaking hands, waiting
 * for an answer, idle. Afterwards there are no more, also where the JDK wants to send a request a
 * second time.
 */
final class ClosableSockets extends SSLSocketFactory implements AutoCloseable {
  private final SSLSocketFactory tls;

  /** Those that are in use somewhere; the JDK holds its idle ones. */
  private final Set<Socket> open = Collections.newSetFromMap(new WeakHashMap<>());

  private boolean closed;

  ClosableSockets(SSLSocketFactory tls) {
    this.tls = tls;
  }

  boolean isOver(SSLSocketFactory other) {
    return tls == other;
  }

  /**
   * Not a TLS socket: the JDK connects this one and then has TLS laid over it. To close it waits
   * for nothing, and it ends whatever is over it.
   */
  @Override
  public Socket createSocket() throws IOException {
    Socket socket = new Socket();
    remember(socket);
    return socket;
  }

  /** The socket may be another one than was made here: the one to a proxy. */
  @Override
  public Socket createSocket(Socket socket, String host, int port, boolean autoClose)
      throws IOException {
    remember(socket);
    return tls.createSocket(socket, host, port, autoClose);
  }

  private synchronized void remember(Socket socket) throws IOException {
    if (closed) {
      socket.close();
      // Not that nothing was sent: it may be the second time.
      throw new SocketException("The cloud is closed");
    }
    open.add(socket);
  }

  @Override
  public void close() {
    List<Socket> all;
    synchronized (this) {
      closed = true;
      all = new ArrayList<>(open);
      open.clear();
    }
    for (Socket socket : all) {
      try {
        socket.close();
      } catch (IOException e) {
        // It is not in use any more, which is what was asked for.
      }
    }
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    throw direct();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    throw direct();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    throw direct();
  }

  @Override
  public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
      throws IOException {
    throw direct();
  }

  /**
   * The JDK tries these when TLS over a socket fails: without the proxy, and without a limit of
   * time. It tells the first failure when this one fails too.
   */
  private static SocketException direct() {
    return new SocketException("No connection is made past a proxy, nor without a time limit");
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return tls.getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return tls.getSupportedCipherSuites();
  }
}
