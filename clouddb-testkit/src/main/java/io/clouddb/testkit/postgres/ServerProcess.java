/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** One run of the server, from its start to its stop or death. */
final class ServerProcess {
  private static final Duration POLL = Duration.ofMillis(10);
  private static final int LINE_OF_STATUS = 7;
  private static final String PID_FILE = "postmaster.pid";

  /** The server ended before it was ready. */
  static final class StartFailedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String log;

    StartFailedException(String log) {
      super(log);
      this.log = log;
    }

    /** What the server said. */
    String log() {
      return log;
    }

    /** Whether another program had the port. */
    boolean isPortTaken() {
      return log.contains("could not bind") || log.contains("could not create any TCP/IP sockets");
    }

    /** Whether a parameter is unknown or has a value that the server refuses. */
    boolean isMisconfigured() {
      return log.contains("configuration file") || log.contains("parameter");
    }
  }

  /** Whether it still makes sense to wait for a server. */
  @FunctionalInterface
  interface Hope {
    /** Throws what is the matter when it does not. */
    void check() throws IOException;
  }

  private final Process process;
  private final Path pidFile;
  private final OperatingUser user;

  /** The server's own pid, once it was seen in its file; 0 before. */
  private long seen;

  /** What it had when it was ready: of one that has died nobody tells it any more. */
  private SharedMemory shared = SharedMemory.NONE;

  private ServerProcess(Process process, Path pidFile, OperatingUser user) {
    this.process = process;
    this.pidFile = pidFile;
    this.user = user;
  }

  /**
   * Starts the server and waits until it takes connections.
   *
   * @param command its command line
   * @param user as whom it runs
   * @param data its data directory
   * @param log where its output is appended
   * @param limit how long it may take
   * @param hope asked while it is waited for
   * @throws StartFailedException when it ends instead
   */
  static ServerProcess launch(
      List<String> command, OperatingUser user, Path data, Path log, Duration limit, Hope hope)
      throws IOException {
    long logStart = Files.exists(log) ? Files.size(log) : 0;
    Process process =
        Command.builder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    process.getOutputStream().close();
    ServerProcess server = new ServerProcess(process, data.resolve(PID_FILE), user);
    long deadline = System.nanoTime() + limit.toNanos();
    try {
      while (!server.isReady()) {
        if (!process.isAlive()) {
          throw new StartFailedException(tail(log, logStart));
        }
        if (System.nanoTime() > deadline) {
          throw new IOException(
              "The server was not ready within " + limit + ": " + tail(log, logStart));
        }
        hope.check();
        Pause.of(POLL);
      }
    } catch (IOException | RuntimeException e) {
      try {
        // Also when it is an interrupt that ends the waiting.
        Undisturbed.run(server::kill);
      } catch (IOException | RuntimeException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
    return server;
  }

  static String tail(Path log, long from) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(new File(log.toString()), "r")) {
      file.seek(Math.max(from, file.length() - 8192));
      byte[] bytes = new byte[(int) (file.length() - file.getFilePointer())];
      file.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8).strip();
    }
  }

  /** By the status that the server writes for pg_ctl, so that no login is needed. */
  private boolean isReady() throws IOException {
    // Read once: the server rewrites the file while it starts.
    List<String> lines = lines();
    OptionalLong pid = postmaster(lines);
    if (pid.isEmpty() || !lines.get(LINE_OF_STATUS).strip().equals("ready")) {
      return false;
    }
    List<ProcessHandle> own = ProcessHandle.of(pid.getAsLong()).stream().toList();
    shared = SharedMemory.of(own, process.toHandle(), lines);
    return true;
  }

  private List<String> lines() throws IOException {
    return lines(pidFile);
  }

  private static List<String> lines(Path pidFile) throws IOException {
    try {
      return Files.readString(pidFile).lines().toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  /**
   * The server that runs in a directory, whoever has started it.
   *
   * @param data its data directory
   * @return its pid; empty where none is known to run
   */
  static OptionalLong runningIn(Path data) throws IOException {
    List<String> lines = lines(data.resolve(PID_FILE));
    if (lines.isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      long pid = Long.parseLong(lines.get(0).strip());
      // One that was killed leaves the file, and its pid may be another process' by now.
      boolean runs =
          ProcessHandle.of(pid)
              .filter(ServerProcess::isRunning)
              .flatMap(process -> process.info().arguments())
              .filter(arguments -> isIn(List.of(arguments), data))
              .isPresent();
      return runs ? OptionalLong.of(pid) : OptionalLong.empty();
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  private static boolean isIn(List<String> arguments, Path data) {
    int option = arguments.indexOf("-D");
    try {
      return option >= 0
          && option + 1 < arguments.size()
          && Files.isSameFile(Path.of(arguments.get(option + 1)), data);
    } catch (IOException | InvalidPathException e) {
      return false;
    }
  }

  /** The server's own pid, once it has written it; su and the like are its parent. */
  private OptionalLong postmaster(List<String> lines) {
    if (lines.size() <= LINE_OF_STATUS) {
      return OptionalLong.empty();
    }
    long pid = Long.parseLong(lines.get(0).strip());
    if (!isOurs(pid)) {
      return OptionalLong.empty();
    }
    seen = pid;
    return OptionalLong.of(pid);
  }

  private boolean isOurs(long pid) {
    return pid == process.pid()
        || pid == seen
        || process.descendants().anyMatch(child -> child.pid() == pid);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Waits for the end that somebody else has asked for. */
  boolean awaitEnd(Duration limit) throws IOException {
    try {
      return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Interrupted while waiting for the server's end");
    }
  }

  /**
   * Kills all processes of the server, as {@code kill -9} does, and waits until they are gone. The
   * first to go is the one that could start others.
   */
  void kill() throws IOException {
    List<ProcessHandle> all = new ArrayList<>();
    List<String> lines = List.of();
    boolean isOthers = false;
    try {
      List<String> found = lines();
      isOthers = !found.isEmpty() && !isOurs(Long.parseLong(found.get(0).strip()));
      if (!isOthers) {
        lines = found;
        postmaster(found).ifPresent(pid -> ProcessHandle.of(pid).ifPresent(all::add));
      }
    } catch (IOException | NumberFormatException e) {
      // It is half written: then the server is one of the processes below.
      all.clear();
    }
    process.descendants().forEach(all::add);
    SharedMemory now = SharedMemory.of(all, process.toHandle(), lines).and(shared);
    all.add(process.toHandle());
    end(all);
    // Another server may run there, which this one was refused beside: it needs its file.
    if (!isOthers) {
      endOrphans();
      // Its pid may be given to another process, which the next start would take for a server.
      Files.deleteIfExists(pidFile);
    }
    remove(now);
  }

  private static void end(List<ProcessHandle> processes) throws IOException {
    processes.forEach(ProcessHandle::destroyForcibly);
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (processes.stream().anyMatch(ServerProcess::isRunning)) {
      if (System.nanoTime() > deadline) {
        throw new IOException("Processes of the server did not die: " + processes);
      }
      Pause.of(POLL);
    }
  }

  /** Also of what it has begun while its children were looked for. */
  private void endOrphans() throws IOException {
    // Of one that did not get so far as to have children, those of another may be found there.
    if (seen == 0) {
      return;
    }
    Path data = Objects.requireNonNull(pidFile.getParent());
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    List<ProcessHandle> left = Orphans.of(data, user);
    while (!left.isEmpty()) {
      if (System.nanoTime() > deadline) {
        throw new IOException("Processes of the server are begun again and again: " + left);
      }
      end(left);
      left = Orphans.of(data, user);
    }
  }

  /**
   * Removes memory that nobody uses any more. Where somebody does all the same it stays: by it
   * PostgreSQL knows that it must not start there.
   */
  private void remove(SharedMemory memory) throws IOException {
    long deadline = System.nanoTime() + Duration.ofSeconds(2).toNanos();
    while (memory.users().orElse(0) > 0 && System.nanoTime() < deadline) {
      Pause.of(POLL);
    }
    if (memory.users().orElse(0) == 0) {
      memory.delete(user);
    }
  }

  /** Ends and removes what a server that has died by itself has left in this machine's memory. */
  void removeRemains() throws IOException {
    List<String> lines = lines();
    SharedMemory left = shared;
    if (lines.isEmpty() || lines.get(0).strip().equals(Long.toString(seen))) {
      endOrphans();
      // Once one of its children was killed, it has made its memory anew.
      left = SharedMemory.of(List.of(), process.toHandle(), lines).and(shared);
    }
    // Where nobody tells who uses it, an orphan may.
    if (left.users().isPresent()) {
      remove(left);
    }
  }

  /** A zombie, which nobody reaps in a container without an init, is dead enough. */
  private static boolean isRunning(ProcessHandle handle) {
    if (!handle.isAlive()) {
      return false;
    }
    Path status = Path.of("/proc", Long.toString(handle.pid()), "stat");
    try {
      String text = Files.readString(status);
      return text.charAt(text.lastIndexOf(')') + 2) != 'Z';
    } catch (IOException e) {
      // No such system, or it has ended since.
      return handle.isAlive();
    }
  }
}
