/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.drill;

import io.clouddb.migration.JavaCommand;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The drill's end of one process that migrates. Used by one thread. */
final class DrillProcess implements AutoCloseable {
  /** Where the process stands, as {@link DrillGate} tells it. */
  record Standing(boolean durable, String kind, String detail) {}

  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration END_LIMIT = Duration.ofSeconds(30);
  private static final Duration DUMP_LIMIT = Duration.ofSeconds(5);

  private final Process process;
  private final ServerSocket listener;
  private @Nullable Socket socket;
  private @Nullable DataInputStream in;
  private @Nullable DataOutputStream out;

  private DrillProcess(Process process, ServerSocket listener) {
    this.process = process;
    this.listener = listener;
  }

  /** Starts one; what it says is appended to the log. */
  static DrillProcess start(DrillMigration migration, String command, File log) throws IOException {
    ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    List<String> words =
        JavaCommand.of("128m", DrillMain.class, Integer.toString(listener.getLocalPort()), command);
    words.addAll(migration.arguments());
    Process process =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
            .start();
    return new DrillProcess(process, listener);
  }

  /**
   * Waits a moment for the process to come to its gate.
   *
   * @return empty when it has not, or has ended
   */
  Optional<Standing> poll(Duration atMost) throws IOException {
    if (in == null) {
      connect();
    }
    DataInputStream from = in;
    if (from == null || socket == null) {
      return Optional.empty();
    }
    try {
      // Only the first byte is waited for: a word that was begun is read to its end.
      socket.setSoTimeout((int) atMost.toMillis());
      int first = from.read();
      if (first < 0) {
        await();
        return Optional.empty();
      }
      socket.setSoTimeout((int) END_LIMIT.toMillis());
      byte[] word = new byte[(first << 8) | from.readUnsignedByte()];
      from.readFully(word);
      String[] parts = new String(word, StandardCharsets.UTF_8).split(DrillGate.SEPARATOR, 3);
      return Optional.of(new Standing(parts[0].equals(DrillGate.AFTER), parts[1], parts[2]));
    } catch (SocketTimeoutException e) {
      return Optional.empty();
    } catch (EOFException | SocketException e) {
      await();
      return Optional.empty();
    }
  }

  private void connect() throws IOException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    listener.setSoTimeout(200);
    while (process.isAlive()) {
      try {
        Socket connected = listener.accept();
        connected.setTcpNoDelay(true);
        socket = connected;
        in = new DataInputStream(connected.getInputStream());
        out = new DataOutputStream(connected.getOutputStream());
        return;
      } catch (SocketTimeoutException e) {
        if (System.nanoTime() > deadline) {
          throw new AssertionError("The migrating process does not begin", e);
        }
      }
    }
  }

  private void await() {
    try {
      if (!process.waitFor(END_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("The migrating process left its gate and does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Lets the process go on, or asks something of it. */
  void say(String word) throws IOException {
    DataOutputStream to = out;
    if (to == null) {
      throw new IllegalStateException("The process has not come to its gate");
    }
    try {
      to.writeUTF(word);
      to.flush();
    } catch (SocketException e) {
      // It ended; how is seen at the next look.
      await();
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  int exit() {
    return process.exitValue();
  }

  /** Ends it as {@code kill -9} does. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Has it write into its log what each of its threads does. */
  void dumpThreads() throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-QUIT", Long.toString(process.pid()))
        .start()
        .waitFor(DUMP_LIMIT.toSeconds(), TimeUnit.SECONDS);
    process.waitFor(DUMP_LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    listener.close();
    if (socket != null) {
      socket.close();
    }
  }
}
