/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Engine;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Storage;
import io.clouddb.operation.OperationLog;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.RetryPolicy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A cloud with workflows whose clock and operation log are the test's. */
final class WorkflowCloud {
  static final Duration LONG = Duration.ofSeconds(30);

  final WorkflowProvider provider = new WorkflowProvider();
  final Map<String, String> entries = new ConcurrentHashMap<>();
  volatile Runnable atWrite = () -> {};
  volatile Runnable afterWrite = () -> {};
  volatile Runnable atRemove = () -> {};
  volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

  final OperationLog log =
      new OperationLog() {
        @Override
        public boolean write(String id, @Nullable String before, String token) {
          atWrite.run();
          boolean written =
              before == null
                  ? entries.putIfAbsent(id, token) == null
                  : entries.replace(id, before, token);
          afterWrite.run();
          return written;
        }

        @Override
        public boolean remove(String id, String before) {
          atRemove.run();
          return entries.remove(id, before);
        }

        @Override
        public Map<String, String> read() {
          return Map.copyOf(entries);
        }
      };

  CloudConfig.Builder config() {
    InstantSource source = () -> now;
    return CloudConfig.builder("workflow", "here")
        .property("project", "shop")
        .providerObject(provider)
        .retryPolicy(new RetryPolicy(2, Duration.ofMillis(1), Duration.ofMillis(2)))
        .clock(clock(source))
        .operationLog(log)
        .pollInterval(Duration.ofMillis(1));
  }

  private static Clock clock(InstantSource source) {
    return source.withZone(ZoneOffset.UTC);
  }

  InstanceSpec spec(SecretRef secret) {
    return InstanceSpec.builder("orders", Engine.POSTGRESQL, "16")
        .size(InstanceSize.atLeast(2, DataSize.gib(8)))
        .storage(Storage.ssd(DataSize.gib(20)))
        .admin(AdminLogin.of("app", secret))
        .build();
  }

  CloudDbException failureOfACreation(CloudDb cloud, SecretRef secret) {
    return catchThrowableOfType(
        CloudDbException.class, () -> cloud.instances().create(spec(secret)).await(LONG));
  }

  /** Does something at the request, or the write, of that number, from 1 on. */
  static Runnable at(int number, Runnable what) {
    AtomicInteger count = new AtomicInteger();
    return () -> {
      if (count.incrementAndGet() == number) {
        what.run();
      }
    };
  }

  static Runnable failing(ErrorCategory category) {
    return () -> {
      throw ErrorDetails.of(category, "the service says " + category).toException();
    };
  }

  /** As a client that does not hear of the interrupt. */
  static void awaitUninterrupted(CountDownLatch latch) {
    while (true) {
      try {
        latch.await();
        return;
      } catch (InterruptedException e) {
        // The answer is still to come.
      }
    }
  }
}
