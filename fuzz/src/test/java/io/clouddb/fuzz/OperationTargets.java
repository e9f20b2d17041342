/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.fuzz;

import static io.clouddb.fuzz.Outcome.valueOrRefusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.error.ErrorCategory;
import io.clouddb.instance.Instance;
import io.clouddb.instance.Instances;
import io.clouddb.internal.operation.OperationToken;
import io.clouddb.operation.Operation;
import io.clouddb.spi.OperationState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Operations: their tokens, and the times that callers and services name. */
final class OperationTargets {
  private static final String PREFIX = "clouddb-op-2.";
  private static final Duration DAY = Duration.ofDays(1);

  private static final List<String> STATES =
      List.of(
          "{\"schemaVersion\":2,\"provider\":\"stub\",\"state\":{\"kind\":\"instance.create\","
              + "\"resource\":\"clouddb:stub:shop:here:instance:orders\",\"id\":\"op-1\",\"started\":"
              + "\"2026-01-01T00:00:00Z\",\"customized\":[\"java.lang.String\"],\"step\":\"make\","
              + "\"item\":\"a\",\"tries\":1,\"lost\":true,\"since\":\"2026-01-01T00:00:00Z\",\"asked\":"
              + "\"2026-01-01T00:00:01Z\",\"handle\":\"h\",\"values\":{\"a\":\"b\"},\"made\":[\"make/a\"],"
              + "\"left\":[\"the thing\"],\"failure\":{\"category\":\"QUOTA\",\"message\":\"too many\"}}}",
          "{\"schemaVersion\":2,\"provider\":\"stub\",\"state\":{\"kind\":\"instance.delete\","
              + "\"resource\":\"clouddb:stub:shop:here:instance:orders\",\"id\":\"op-2\",\"started\":"
              + "\"2026-01-01T00:00:00Z\"}}");

  private static final OperationToken TOKENS = new OperationToken("stub", null);

  private OperationTargets() {}

  static List<Target> all() {
    return List.of(
        new Target("token", OperationTargets::token),
        new Target("token-text", OperationTargets::tokenText),
        new Target("waiting", OperationTargets::waiting));
  }

  static String encoded(String document) {
    return PREFIX + base64(document);
  }

  static String base64(String document) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(document.getBytes(StandardCharsets.UTF_8));
  }

  private static void token(Source source) throws Exception {
    String token = encoded(ChangedJson.of(source, STATES));
    valueOrRefusal(() -> TOKENS.read(token, kind -> Optional.empty()))
        .ifPresent(OperationTargets::hasAllParts);
  }

  private static void tokenText(Source source) throws Exception {
    String token = source.changed(STATES.stream().map(OperationTargets::encoded).toList());
    valueOrRefusal(() -> TOKENS.read(token, kind -> Optional.empty()))
        .ifPresent(OperationTargets::hasAllParts);
  }

  private static void hasAllParts(OperationState state) {
    assertThat(ResourceId.parse(state.resource().toString())).isEqualTo(state.resource());
    assertThat(state.values()).doesNotContainValue(null);
    assertThat(state.started()).isNotNull();
    assertThat(state.made()).doesNotContainNull();
    state.failure().ifPresent(failure -> assertThat(failure.category()).isNotNull());
  }

  /** Whatever times the caller, the configuration and the service name. */
  private static void waiting(Source source) throws Exception {
    Duration limit = source.duration();
    Duration asked = source.duration();
    Duration interval = source.duration();
    var config =
        valueOrRefusal(
            () ->
                StubProvider.config()
                    .providerObject(new StubProvider(asked))
                    .pollInterval(interval)
                    .timer(OperationTargets::atOnce)
                    .build());
    if (config.isEmpty()) {
      return;
    }
    CloudConfig stub = config.get();
    ResourceId id = ResourceId.of("stub", "shop", "here", Instances.KIND, "orders");
    try (CloudDb cloud = CloudDb.open(stub)) {
      Operation<Instance> operation = cloud.instances().start(id);
      // Over at once; a limit in the past may already have passed.
      valueOrRefusal(() -> operation.await(limit), Set.of(ErrorCategory.DEADLINE));
      assertThat(operation.await(Duration.ofMinutes(1)).id()).isEqualTo(id);
    }
  }

  private static void atOnce(Duration delay, Runnable task) {
    assertThat(delay).isBetween(Duration.ZERO, DAY);
    task.run();
  }
}
