/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.fuzz;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** Stands between an SDK and a simulator, and keeps the bytes that the SDK sends. */
final class HttpWire implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 10_000;

  private final ServerSocket server;
  private final URI to;
  private final UnaryOperator<RawRequest> signing;
  private final List<RawRequest> requests = new CopyOnWriteArrayList<>();

  /**
   * Listens.
   *
   * @param to the simulator, which answers to its own name only
   * @param signing signs a request to it
   */
  HttpWire(URI to, UnaryOperator<RawRequest> signing) throws IOException {
    this.to = to;
    this.signing = signing;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "fuzz-wire");
    thread.setDaemon(true);
    thread.start();
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  List<RawRequest> requests() {
    return List.copyOf(requests);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        start(() -> pass(client));
      } catch (IOException e) {
        // Closed.
        return;
      }
    }
  }

  private void pass(Socket client) {
    try (client) {
      while (true) {
        RawRequest request = signing.apply(RawRequest.read(client.getInputStream()).at(to));
        requests.add(request);
        client.getOutputStream().write(send(to, request.bytes()));
      }
    } catch (IOException e) {
      // The SDK has closed it.
    }
  }

  /**
   * Sends bytes, whatever they are, and nothing after them.
   *
   * @param endpoint where to
   * @param request the bytes
   * @return what came back until the connection was closed; empty when nothing did
   * @throws IOException when nothing comes and the connection stays open
   */
  static byte[] send(URI endpoint, byte[] request) throws IOException {
    try (Socket socket = new Socket(endpoint.getHost(), endpoint.getPort())) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      try {
        OutputStream out = socket.getOutputStream();
        out.write(request);
        out.flush();
        socket.shutdownOutput();
      } catch (SocketException e) {
        // It has answered before everything was there.
      }
      try {
        return socket.getInputStream().readAllBytes();
      } catch (SocketException e) {
        return new byte[0];
      }
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
