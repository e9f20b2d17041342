/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.InvalidArgumentException;
import io.clouddb.error.UnavailableException;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectoryLogTest {
  @TempDir Path temporary;
  private Path folder;
  private OperationLog log;

  @BeforeEach
  void open() {
    folder = temporary.resolve("operations");
    log = OperationLog.directory(folder);
  }

  @Test
  void keepsTheNewestStateOfEachUntilItIsRemoved() {
    assertThat(log.read()).isEmpty();
    assertThat(log.write("op-1", null, "a")).isTrue();
    assertThat(log.write("op-2", null, "b")).isTrue();
    assertThat(log.write("op-1", "a", "c")).isTrue();
    assertThat(OperationLog.directory(folder).read())
        .containsOnly(
            org.assertj.core.api.Assertions.entry("op-1", "c"),
            org.assertj.core.api.Assertions.entry("op-2", "b"));
    assertThat(log.remove("op-1", "c")).isTrue();
    assertThat(log.remove("op-1", "c")).isFalse();
    assertThat(log.read()).containsOnlyKeys("op-2");
  }

  @Test
  void leavesWhatSomebodyElseHasWrittenOrRemoved() {
    assertThat(log.write("op-1", "a", "b")).isFalse();
    assertThat(log.read()).isEmpty();
    log.write("op-1", null, "a");
    assertThat(log.write("op-1", null, "b")).isFalse();
    assertThat(log.write("op-1", "c", "b")).isFalse();
    assertThat(log.remove("op-1", "c")).isFalse();
    assertThat(log.read()).containsOnly(org.assertj.core.api.Assertions.entry("op-1", "a"));
  }

  /** Counts to the sum in one entry, together with others. */
  static final class Counting {
    private static final int TIMES = 60;

    private Counting() {}

    static void count(OperationLog log) {
      for (int done = 0; done < TIMES; ) {
        String before = log.read().get("op-1");
        int next = before == null ? 1 : Integer.parseInt(before) + 1;
        if (log.write("op-1", before, Integer.toString(next))) {
          done++;
        }
      }
    }

    public static void main(String[] arguments) {
      count(OperationLog.directory(Path.of(arguments[0])));
    }
  }

  @Test
  void isWrittenByOneAtATimeAmongProcessesAndThreads() throws Exception {
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                Path.of("target", "classes")
                    + File.pathSeparator
                    + Path.of("target", "test-classes"),
                Counting.class.getName(),
                folder.toString())
            .inheritIO()
            .start();
    ExecutorService two = Executors.newFixedThreadPool(2);
    try {
      Future<?> first = two.submit(() -> Counting.count(log));
      Future<?> second = two.submit(() -> Counting.count(OperationLog.directory(folder)));
      first.get(60, TimeUnit.SECONDS);
      second.get(60, TimeUnit.SECONDS);
      assertThat(other.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      two.shutdownNow();
      other.destroyForcibly();
    }
    assertThat(other.exitValue()).isZero();
    assertThat(log.read().get("op-1")).isEqualTo(Integer.toString(3 * Counting.TIMES));
  }

  @Test
  void isWrittenByAThreadThatIsInterrupted() {
    Thread.currentThread().interrupt();
    assertThat(log.write("op-1", null, "a")).isTrue();
    assertThat(log.remove("op-1", "a")).isTrue();
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void isPrivate() throws IOException {
    log.write("op-1", null, "a");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwx------");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("op-1.operation"))))
        .isEqualTo("rw-------");
    Path open = Files.createDirectory(temporary.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThatThrownBy(() -> OperationLog.directory(open))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("others may write");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "..", "../x", "a/b", "A", "a.b"})
  void anIdIsNoPath(String id) {
    assertThatThrownBy(() -> log.write(id, null, "a")).isInstanceOf(InvalidArgumentException.class);
    assertThatThrownBy(() -> log.remove(id, "a")).isInstanceOf(InvalidArgumentException.class);
  }

  @Test
  void whatIsInTheWayIsToldByName() throws IOException {
    Files.createDirectory(folder.resolve("op-1.operation"));
    assertThatThrownBy(() -> log.write("op-1", null, "a"))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("operation log cannot be written");
    assertThatThrownBy(log::read)
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("operation log cannot be read");
  }

  @Test
  void aDraftOfAKilledProcessIsNoEntry() throws IOException {
    Files.writeString(folder.resolve("op-1.operation.0-1.tmp"), "half");
    assertThat(log.read()).isEmpty();
  }

  @Test
  void whatCannotBeReadAgainIsNotWritten() {
    String large = "a".repeat((1 << 20) + 1);
    assertThatThrownBy(() -> log.write("op-1", null, large))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("1048576");
    assertThat(log.read()).isEmpty();
    assertThat(log.write("op-1", null, large.substring(1))).isTrue();
    assertThat(log.read()).containsKey("op-1");
  }

  /** As the same library in another class loader of the process does. */
  @Test
  void waitsForWhoeverElseIsInTheFolder() throws Exception {
    log.write("op-1", null, "a");
    ExecutorService one = Executors.newSingleThreadExecutor();
    try {
      Future<Boolean> removed;
      try (FileChannel lock = FileChannel.open(folder.resolve(".lock"), StandardOpenOption.WRITE)) {
        assertThat(lock.tryLock()).isNotNull();
        CountDownLatch begun = new CountDownLatch(1);
        removed =
            one.submit(
                () -> {
                  begun.countDown();
                  return log.remove("op-1", "a");
                });
        begun.await();
        assertThatThrownBy(() -> removed.get(200, TimeUnit.MILLISECONDS))
            .isInstanceOf(TimeoutException.class);
      }
      assertThat(removed.get(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      one.shutdownNow();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoeverIsInterruptedWhileHeWaitsWritesAllTheSame(boolean removes) throws Exception {
    log.write("op-1", null, "a");
    AtomicReference<Object> outcome = new AtomicReference<>();
    AtomicBoolean interrupted = new AtomicBoolean();
    Thread waiting =
        new Thread(
            () -> {
              try {
                outcome.set(removes ? log.remove("op-1", "a") : log.write("op-1", "a", "b"));
              } catch (RuntimeException e) {
                outcome.set(e);
              }
              interrupted.set(Thread.currentThread().isInterrupted());
            });
    try (FileChannel lock = FileChannel.open(folder.resolve(".lock"), StandardOpenOption.WRITE)) {
      assertThat(lock.tryLock()).isNotNull();
      waiting.start();
      while (waiting.getState() != Thread.State.TIMED_WAITING && waiting.isAlive()) {
        Thread.onSpinWait();
      }
      waiting.interrupt();
    }
    waiting.join(60_000);
    assertThat(outcome).hasValue(true);
    assertThat(interrupted).isTrue();
    assertThat(log.read()).isEqualTo(removes ? Map.of() : Map.of("op-1", "b"));
  }
}
