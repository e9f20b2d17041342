/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.operation.OperationLog;
import io.clouddb.security.SecretRef;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Properties;

/** The other process of {@link InterruptionsContract}, which begins an operation and is killed. */
final class KilledProcess {
  private static final String PROPERTY = "property.";

  private KilledProcess() {}

  /**
   * Starts it.
   *
   * @param config the cloud that it opens
   * @param kind what it begins
   * @param spec what it creates
   * @param there what it changes
   * @param log where it writes its operations down
   * @param key seals its tokens
   * @return the process
   */
  static Process start(
      CloudConfig config,
      InterruptedKind kind,
      InstanceSpec spec,
      ResourceId there,
      Path log,
      String key) {
    Properties how = new Properties();
    how.setProperty("provider", config.provider());
    how.setProperty("location", config.location());
    how.setProperty("endpoint", config.endpoint().orElseThrow().toString());
    how.setProperty("secret", config.endpointSecret().orElseThrow().resolve());
    config.properties().forEach((name, value) -> how.setProperty(PROPERTY + name, value));
    how.setProperty("kind", kind.name());
    how.setProperty("spec", spec.toJson());
    how.setProperty("there", there.toString());
    how.setProperty("log", log.toString());
    how.setProperty("key", key);
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // It lives for some seconds only.
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
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
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Begins an operation and waits for its end.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) throws IOException {
    Properties how = new Properties();
    try (InputStream in = System.in) {
      how.loadFromXML(in);
    }
    CloudConfig.Builder config =
        CloudConfig.builder(given(how, "provider"), given(how, "location"))
            .endpoint(URI.create(given(how, "endpoint")))
            .endpointSecret(SecretRef.literal(given(how, "secret")))
            .tokenKey(SecretRef.literal(given(how, "key")))
            .pollInterval(Duration.ofMillis(50))
            .operationLog(OperationLog.directory(Path.of(given(how, "log"))));
    for (String name : how.stringPropertyNames()) {
      if (name.startsWith(PROPERTY)) {
        config.property(name.substring(PROPERTY.length()), given(how, name));
      }
    }
    try (CloudDb cloud = CloudDb.open(config.build())) {
      InterruptedKind.valueOf(given(how, "kind"))
          .begin(
              cloud,
              InstanceSpec.fromJson(given(how, "spec")),
              ResourceId.parse(given(how, "there")))
          .await(Duration.ofMinutes(2));
    }
  }

  private static String given(Properties how, String name) {
    return Objects.requireNonNull(how.getProperty(name), name);
  }
}
