/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.clouddb.security.SecretRef;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import io.clouddb.testkit.simulator.engine.CloudEngine;
import io.clouddb.testkit.simulator.engine.ManualClock;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where a password could be read by others while a simulated database is made and changed. */
class PasswordTracesTest {
  private static final Path PROCESSES = Path.of("/proc");
  private static final String FIRST = "marked-password-1";
  private static final String SECOND = "marked-password-2";
  private static final ResourceKey ORDERS = new ResourceKey("scope", "orders");

  @BeforeAll
  static void onLinux() {
    assumeTrue(Files.isReadable(PROCESSES.resolve("self/cmdline")));
  }

  /** Looks at all processes over and over until it is closed. */
  private static final class Watch implements AutoCloseable {
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread thread = new Thread(this::look, "watch");

    Watch() {
      thread.start();
    }

    private void look() {
      while (!closed.get()) {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
          for (Path process : all) {
            read(process.resolve("cmdline"));
            read(process.resolve("environ"));
          }
        } catch (IOException e) {
          throw new java.io.UncheckedIOException(e);
        }
      }
    }

    private void read(Path file) {
      try {
        seen.add(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      } catch (IOException e) {
        // It has ended, or is another user's.
        seen.add("");
      }
    }

    @Override
    public void close() {
      closed.set(true);
      boolean interrupted = false;
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(CloudProfile.class)
  void leavesNoPasswordInProcessesOrInFilesThatOthersRead(CloudProfile profile) throws Exception {
    List<String> everywhere = new ArrayList<>();
    try (ManualClock clock = SimulatedClock.manual(Instant.EPOCH);
        ManagedServers cloud = ManagedServers.builder(profile, new CloudEngine(clock)).build()) {
      Watch watch = new Watch();
      try (watch) {
        cloud
            .lifeCycle()
            .create(InstanceRequest.of(ORDERS, 16, "postgres", SecretRef.literal(FIRST)).build());
        clock.advanceUntilIdle();
        cloud
            .lifeCycle()
            .modify(
                ORDERS, Modification.builder().adminPassword(SecretRef.literal(SECOND)).build());
        clock.advanceUntilIdle();
      }
      EmbeddedPostgres server = cloud.get(ORDERS).server().orElseThrow();
      assertThat(watch.seen).anyMatch(line -> line.contains(server.directory().toString()));
      everywhere.addAll(watch.seen);
      String superuser = server.superuser().credentials().getProperty("password");
      try (Stream<Path> files = Files.walk(server.directory())) {
        for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
          String text = Files.readString(file, StandardCharsets.ISO_8859_1);
          if (text.contains(superuser)) {
            assertThat(Files.getPosixFilePermissions(file))
                .isEqualTo(
                    EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
          }
          everywhere.add(text.replace(superuser, ""));
        }
      }
      assertThat(everywhere.stream().filter(text -> text.contains("marked-password")).toList())
          .isEmpty();
      assertThat(watch.seen.stream().filter(text -> text.contains(superuser)).toList()).isEmpty();
    }
  }
}
