/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.quickstart;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Where a migration keeps its journal, and the route that applications follow.
 *
 * @param path the folder
 */
record MigrationFolder(Path path) {
  Path route() {
    return path.resolve("route.json");
  }

  Path state() {
    return path.resolve("state");
  }

  /** Forgets a migration that is over, so that the next run is a new one. The route stays. */
  void deleteState() throws IOException {
    RunFolder.delete(state());
  }
}
