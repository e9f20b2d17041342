/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.UnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
}
