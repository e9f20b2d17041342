/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.operation.Operation;
import io.clouddb.operation.OperationLog;
import io.clouddb.security.SecretRef;
import io.clouddb.testkit.contract.internal.Eventually;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Another process, which begins an operation and is killed. What it begins, a {@link Beginning}
 * says.
 */
final class KilledProcess {
  private static final String PROPERTY = "property.";
  private static final String ASKED = "asked.";

  /**
   * What the process begins, known there by its class alone: it has a constructor without
   * parameters.
   */
  interface Beginning {
    /**
     * Begins it.
     *
     * @param cloud where
     * @param asked what {@link #start} was given
     * @return the operation
     */
    Operation<?> begin(CloudDb cloud, Map<String, String> asked);
  }

  private final Process process;
  private final Path token;

  private KilledProcess(Process process, Path token) {
    this.process = process;
    this.token = token;
  }

  /**
   * Starts it.
   *
   * @param config the cloud that it opens
   * @param beginning begins the operation there, in an object of its own
   * @param asked what that is told
   * @param log where it writes its operations down
   * @param key seals its tokens
   * @param ahead how far its clock is ahead of this machine's: it has no simulated one
   * @return the process
   */
  static KilledProcess start(
      CloudConfig config,
      Class<? extends Beginning> beginning,
      Map<String, String> asked,
      Path log,
      String key,
      Duration ahead) {
    Properties how = new Properties();
    how.setProperty("provider", config.provider());
    how.setProperty("location", config.location());
    how.setProperty("endpoint", config.endpoint().orElseThrow().toString());
    how.setProperty("secret", config.endpointSecret().orElseThrow().resolve());
    config.properties().forEach((name, value) -> how.setProperty(PROPERTY + name, value));
    how.setProperty("beginning", beginning.getName());
    asked.forEach((name, value) -> how.setProperty(ASKED + name, value));
    how.setProperty("ahead", ahead.toString());
    how.setProperty("log", log.toString());
    how.setProperty("key", key);
    Path token = log.resolveSibling(log.getFileName() + ".token");
    how.setProperty("token", token.toString());
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // It is killed before anything else would pay.
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                KilledProcess.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    try {
      Process process = builder.start();
      // Not by arguments, which everybody on the machine can read.
      how.storeToXML(process.getOutputStream(), null, StandardCharsets.UTF_8);
      process.getOutputStream().close();
      return new KilledProcess(process, token);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Waits until it has begun the operation and sent what is awaited.
   *
   * @return the operation's token, which it tells before it waits for the end
   */
  String token(Duration limit, Eventually.Condition<RuntimeException> sent) {
    Eventually.holds(
        "it has begun",
        limit,
        () -> {
          assertThat(process.isAlive()).as("ended by itself: %s", process).isTrue();
          return Files.exists(token) && sent.holds();
        });
    try {
      return Files.readString(token);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Kill -9. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  /**
   * Begins an operation and waits for its end.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) throws IOException, ReflectiveOperationException {
    Properties how = new Properties();
    try (InputStream in = System.in) {
      how.loadFromXML(in);
    }
    CloudConfig.Builder config =
        CloudConfig.builder(given(how, "provider"), given(how, "location"))
            .endpoint(URI.create(given(how, "endpoint")))
            .endpointSecret(SecretRef.literal(given(how, "secret")))
            .tokenKey(SecretRef.literal(given(how, "key")))
            .clock(Clock.offset(Clock.systemUTC(), Duration.parse(given(how, "ahead"))))
            .pollInterval(Duration.ofMillis(50))
            .operationLog(OperationLog.directory(Path.of(given(how, "log"))));
    with(how, PROPERTY).forEach(config::property);
    try (CloudDb cloud = CloudDb.open(config.build())) {
      Operation<?> operation =
          Class.forName(given(how, "beginning"))
              .asSubclass(Beginning.class)
              .getDeclaredConstructor()
              .newInstance()
              .begin(cloud, with(how, ASKED));
      Path told = Path.of(given(how, "token"));
      // Whole, or not there.
      Path whole = Files.writeString(told.resolveSibling("token.part"), operation.token());
      Files.move(whole, told, StandardCopyOption.ATOMIC_MOVE);
      operation.await(Duration.ofMinutes(2));
    }
  }

  /** Those whose names begin so, without that. */
  private static Map<String, String> with(Properties how, String prefix) {
    Map<String, String> some = new TreeMap<>();
    for (String name : how.stringPropertyNames()) {
      if (name.startsWith(prefix)) {
        some.put(name.substring(prefix.length()), given(how, name));
      }
    }
    return some;
  }

  private static String given(Properties how, String name) {
    return Objects.requireNonNull(how.getProperty(name), name);
  }
}
