/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.quickstart.process;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Another JVM with this one's class path. It says what it has to say in lines on its standard
 * output, writes its log to a file, and ends when its standard input does, which is also when this
 * process is killed. It ignores the signals that a terminal sends to all processes of a command: it
 * is this process that decides, in order, who ends.
 */
public final class ChildJvm implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ChildJvm.class);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
  private static final int LINES_OF_LOG = 15;

  /** What a variable of the environment is called that is not for every process. */
  private static final Pattern SECRET =
      Pattern.compile("(?i).*(password|passwd|secret|token|credential|key).*");

  private final String name;
  private final Path log;
  private final Process process;
  private final Thread reader;
  private final CompletableFuture<String> first = new CompletableFuture<>();

  private ChildJvm(String name, Path log, Process process, Consumer<String> lines) {
    this.name = name;
    this.log = log;
    this.process = process;
    this.reader = new Thread(() -> read(lines), "output-of-" + name);
    this.reader.setDaemon(true);
  }

  /**
   * Starts a process.
   *
   * @param name for people
   * @param main its class
   * @param options of the JVM, behind {@link JvmOptions#inherited}
   * @param arguments of the class; no secrets, since every user can see them
   * @param environment what its environment has beside this process'; secrets go here, and this
   *     process' own do not go with it
   * @param log where its log goes
   * @param lines is given each line that it says, in order
   * @return the process, which may not be ready yet
   * @throws IOException when it cannot be started
   */
  public static ChildJvm start(
      String name,
      Class<?> main,
      List<String> options,
      List<String> arguments,
      Map<String, String> environment,
      Path log,
      Consumer<String> lines)
      throws IOException {
    List<String> command = new ArrayList<>();
    // A JVM leaves alone the signals that were ignored when it started.
    command.addAll(List.of("/bin/sh", "-c", "trap '' INT HUP TERM; exec \"$@\"", "sh"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Dorg.slf4j.simpleLogger.showDateTime=true");
    command.add("-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS");
    command.addAll(JvmOptions.inherited());
    command.addAll(options);
    command.add(main.getName());
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.to(log.toFile()));
    builder.environment().keySet().removeIf(variable -> SECRET.matcher(variable).matches());
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    builder.environment().putAll(environment);
    ChildJvm child = new ChildJvm(name, log, builder.start(), lines);
    child.reader.start();
    return child;
  }

  private void read(Consumer<String> lines) {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        lines.accept(line);
        first.complete(line);
      }
    } catch (IOException e) {
      LOG.debug("The pipe from {} broke", name, e);
    } finally {
      first.completeExceptionally(new IOException("It ended"));
    }
  }

  /**
   * Waits for the first line that it says, by which it tells that it is ready.
   *
   * @param limit how long at most
   * @return the line
   * @throws io.clouddb.error.UnavailableException when it ends before, or says nothing; with the
   *     end of its log
   * @throws InterruptedException when this thread is interrupted
   */
  public String awaitReady(Duration limit) throws InterruptedException {
    try {
      return first.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw ErrorDetails.of(
              ErrorCategory.UNAVAILABLE,
              "The process '" + name + "' did not get ready: " + endOfLog())
          .nextStep("See " + log)
          .toException(e);
    }
  }

  private String endOfLog() {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join(
          System.lineSeparator(),
          lines.subList(Math.max(0, lines.size() - LINES_OF_LOG), lines.size()));
    } catch (IOException e) {
      return "its log cannot be read: " + e;
    }
  }

  /** Whether it runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Has it end, in its own order, and waits for that. When it does not, it is killed.
   *
   * @return whether it ended well
   */
  public boolean stop() {
    boolean interrupted = Thread.interrupted();
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      LOG.debug("{} had closed its input", name, e);
    }
    long deadline = System.nanoTime() + STOP_LIMIT.toNanos();
    boolean ended = false;
    while (!ended && System.nanoTime() < deadline) {
      try {
        ended = process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        reader.join(STOP_LIMIT.toMillis());
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (!ended) {
      LOG.warn("{} did not end within {}; it is killed", name, STOP_LIMIT);
      process.destroyForcibly();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return ended && process.exitValue() == 0;
  }

  @Override
  public void close() {
    stop();
  }
}
