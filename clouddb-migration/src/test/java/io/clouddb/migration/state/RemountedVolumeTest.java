/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.route.Route;
import io.clouddb.migration.route.RouteStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A volume of a pod that has an fsGroup: each time that Kubernetes mounts it for a pod, all folders
 * in it get rwx, and all files rw, for that group (fsGroupChangePolicy Always, the default).
 */
@DisabledOnOs(OS.WINDOWS)
class RemountedVolumeTest {
  @TempDir Path volume;

  /** As changeFilePermission of Kubernetes' pkg/volume/volume_linux.go. */
  private void mount() throws IOException {
    try (var tree = Files.walk(volume)) {
      for (Path each : tree.toList()) {
        int mode = (int) Files.getAttribute(each, "unix:mode") & 07777;
        Files.setAttribute(each, "unix:mode", mode | (Files.isDirectory(each) ? 02770 : 0660));
      }
    }
  }

  @Test
  void aMigrationGoesOnAfterItsPodWasStartedAgain() throws IOException {
    mount();
    StateStore store = StateStore.directory(volume.resolve("state"));
    try (Journal journal = store.open("shop")) {
      journal.append("begun", Map.of());
    }
    mount();
    try (Journal journal = store.open("shop")) {
      assertThat(journal.entries()).hasSize(1);
    }
  }

  /** The start of another pod on the node, which mounts the volume, too. */
  @Test
  void anApplicationThatRunsGoesOnFollowingItsRoute() throws IOException {
    mount();
    try (RouteStore store = RouteStore.file(volume.resolve("route/shop.json"))) {
      Route first = Route.initial("shop");
      store.compareAndSet(
          first,
          new Route(
              "shop",
              1,
              Route.State.OPEN,
              Route.Side.SOURCE,
              first.updatedAt(),
              first.pauseLease(),
              first.delay(),
              first.delayLease()));
      assertThat(store.read().epoch()).isEqualTo(1);
      mount();
      assertThat(store.read().epoch()).isEqualTo(1);
    }
  }
}
