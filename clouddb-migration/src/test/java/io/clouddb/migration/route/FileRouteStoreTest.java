/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.DeadlineException;
import io.clouddb.error.UnavailableException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileRouteStoreTest extends RouteStoreContract {
  @TempDir Path folder;

  @Override
  RouteStore openStore() {
    return RouteStore.file(folder.resolve("deep/shop.json"));
  }

  @Test
  void refusesAFileThatIsNoRoute() throws IOException {
    Path file = folder.resolve("shop.json");
    Files.writeString(file, "{\"schemaVersion\": 1, \"id\": \"shop\", \"epo");

    try (RouteStore store = RouteStore.file(file)) {
      assertThatThrownBy(store::read)
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining(file.toString());
    }
  }

  @Test
  void readsARecordOfBeforeThereWereDelays() throws IOException {
    Path file = folder.resolve("shop.json");
    Files.writeString(
        file,
        "{\"schemaVersion\": 1, \"id\": \"shop\", \"epoch\": 3, \"state\": \"OPEN\","
            + " \"side\": \"TARGET\", \"updatedAt\": \"2026-11-22T12:00:00Z\","
            + " \"pauseLeaseMillis\": 0}");

    try (RouteStore store = RouteStore.file(file)) {
      assertThat(store.read().epoch()).isEqualTo(3);
      assertThat(store.read().delay()).isZero();
    }
  }

  @Test
  void leavesNoTemporaryFile() throws IOException {
    try (RouteStore store = openStore()) {
      Route first = store.read();
      store.compareAndSet(first, first.opened(Route.Side.TARGET, first.updatedAt()));
    }

    try (var entries = Files.list(folder.resolve("deep"))) {
      assertThat(entries.map(entry -> entry.getFileName().toString()))
          .containsExactlyInAnyOrder("shop.json", "shop.json.lock");
    }
  }

  /** A beat is not forced to disk: after a loss of power it may have a name and nothing in it. */
  @ParameterizedTest
  @ValueSource(strings = {"", "\u0000\u0000\u0000", "{\"schemaVersion\":1,\"id\":\"de"})
  void doesNotWaitForEverForAMemberWhoseFileCannotBeRead(String left) throws IOException {
    Path file = folder.resolve("deep/shop.json");
    try (RouteStore store = new FileRouteStore(file, Duration.ofMillis(100))) {
      store.beat(new RouteMember("dead", "a dead one", 1, 0, 0, Duration.ofMillis(100)));
      Path dead = folder.resolve("deep/shop.json.members/dead.json");
      Files.writeString(dead, left);

      RouteControl control = new RouteControl(store, Clock.systemUTC());
      assertThat(control.removeDead()).singleElement().asString().contains(dead.toString());
      assertThat(dead).doesNotExist();
      assertThat(control.pause(Duration.ofSeconds(10), Duration.ofSeconds(10)).state())
          .isEqualTo(Route.State.PAUSED);
    }
  }

  /** Whoever lives writes its file again and again, also one that this release cannot read. */
  @Test
  void takesNobodyForDeadWhoWritesItsFile() throws IOException {
    Path file = folder.resolve("deep/shop.json");
    try (RouteStore store = new FileRouteStore(file, Duration.ofSeconds(30))) {
      store.beat(new RouteMember("later", "of a later release", 1, 0, 0, Duration.ofSeconds(1)));
      Path later = folder.resolve("deep/shop.json.members/later.json");
      Files.writeString(later, "{\"schemaVersion\":2}");
      RouteMember before = store.members().get(0);
      Files.setLastModifiedTime(later, FileTime.fromMillis(before.beat() + 250));

      assertThat(store.members().get(0).beat()).isEqualTo(before.beat() + 250);
      assertThat(before.description()).contains(later.toString());
    }
  }

  @Test
  void waitsForNoLeaseWithoutALimitAndNamesWhomItWaitsFor() throws IOException {
    try (RouteStore store = openStore()) {
      store.beat(new RouteMember("m", "an old shop", 1, 0, 0, Duration.ofDays(30)));
      Set<String> waitedFor = new HashSet<>();

      RouteControl control = new RouteControl(store, Clock.systemUTC());
      assertThatThrownBy(() -> control.removeDead(Duration.ofMillis(50), waitedFor::addAll))
          .isInstanceOf(DeadlineException.class)
          .hasMessageContaining("an old shop")
          .hasMessageContaining("member m");
      assertThat(waitedFor).singleElement().asString().contains("an old shop", "PT720H");
      assertThat(store.members()).hasSize(1);
    }
  }

  private void remove(Path tree) throws IOException {
    try (var entries = Files.walk(tree)) {
      for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(entry);
      }
    }
  }

  /** A cleaner of old files removed it, and somebody else took its name. */
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void followsNoRouteOfAFolderThatCameInPlaceOfItsOwn() throws IOException {
    try (RouteStore store = openStore()) {
      Route first = store.read();
      store.compareAndSet(first, first.opened(Route.Side.SOURCE, first.updatedAt()));
      store.beat(new RouteMember("m", "a shop", 1, 0, 0, Duration.ofSeconds(1)));
      Path deep = folder.resolve("deep");
      String record = Files.readString(deep.resolve("shop.json"));
      remove(deep);
      Files.createDirectories(deep.resolve("shop.json.members"));
      Files.setPosixFilePermissions(deep, PosixFilePermissions.fromString("rwxrwxrwx"));
      Files.writeString(
          deep.resolve("shop.json"),
          record.replace("\"epoch\":1", "\"epoch\":2").replace("SOURCE", "TARGET"));

      for (ThrowingCallable use :
          List.<ThrowingCallable>of(
              store::read,
              store::members,
              () -> store.beat(new RouteMember("m", "a shop", 2, 0, 0, Duration.ofSeconds(1))))) {
        assertThatThrownBy(use)
            .isInstanceOf(UnavailableException.class)
            .hasMessageContaining("rwxrwxrwx");
      }
    }
  }

  /** Its channel is that of a lock file which is no more; others lock the one that is there. */
  @Test
  void locksTheFileThatIsThere() throws Exception {
    try (RouteStore store = openStore();
        RouteStore other = openStore()) {
      Route first = store.read();
      store.compareAndSet(first, first.opened(Route.Side.TARGET, first.updatedAt()));
      remove(folder.resolve("deep"));
      other.compareAndSet(first, first.opened(Route.Side.SOURCE, first.updatedAt()));

      Route next = other.read();
      Path lockFile = folder.resolve("deep/shop.json.lock");
      try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE)) {
        FileLock lock = channel.lock();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
          Future<Boolean> changed =
              thread.submit(
                  () -> store.compareAndSet(next, next.opened(Route.Side.TARGET, Instant.EPOCH)));
          assertThatThrownBy(() -> changed.get(300, TimeUnit.MILLISECONDS))
              .as("the route was changed without its lock")
              .isInstanceOf(TimeoutException.class);
          lock.release();
          assertThat(changed.get(10, TimeUnit.SECONDS)).isTrue();
        } finally {
          thread.shutdownNow();
        }
      }
    }
  }
}
