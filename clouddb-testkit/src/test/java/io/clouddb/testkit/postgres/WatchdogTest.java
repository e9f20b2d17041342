/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no watchdog")
class WatchdogTest {
  @TempDir Path folder;

  /**
   * The server was killed by somebody else, which leaves its file, and its pid was given away; or
   * the user whom the server runs as wrote another's pid there, which root then kills.
   */
  @Test
  void killsNoProcessThatIsNotTheServer() throws Exception {
    Process stranger = new ProcessBuilder("sleep", "300").start();
    try {
      Path data = Files.createDirectory(folder.resolve("data"));
      Files.writeString(data.resolve("postmaster.pid"), stranger.pid() + "\n" + data + "\n");
      Watchdog watchdog = Watchdog.over(data, folder, true);
      Field field = Watchdog.class.getDeclaredField("process");
      field.setAccessible(true);
      Process watching = (Process) field.get(watchdog);
      // As when this JVM is killed.
      watching.getOutputStream().close();
      assertThat(watching.onExit()).succeedsWithin(Duration.ofSeconds(30));
      assertThat(stranger.waitFor(1, TimeUnit.SECONDS)).as("the stranger was killed").isFalse();
    } finally {
      stranger.destroyForcibly();
    }
  }
}
