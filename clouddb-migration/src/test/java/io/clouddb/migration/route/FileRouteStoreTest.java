/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.DeadlineException;
import io.clouddb.error.UnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
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
}
