/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;

class DirectoryStateStoreTest extends StateStoreContract {
  @TempDir Path folder;

  @Override
  StateStore store() {
    return StateStore.directory(folder.resolve("state"));
  }

  @Override
  JournalProcess holder(Duration lease) throws Exception {
    return JournalProcess.start(folder, folder.resolve("state").toString());
  }

  @Override
  void leaveAnEntryUnfinished() throws IOException {
    Files.writeString(
        folder.resolve("state/shop.journal"),
        "{\"schemaVersion\":1,\"sequence\":3,\"at\":\"2026",
        StandardOpenOption.APPEND);
  }
}
