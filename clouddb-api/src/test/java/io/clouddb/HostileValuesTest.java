/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.DeadlineException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Storage;
import io.clouddb.internal.operation.OperationToken;
import io.clouddb.operation.Operation;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.RemoteCalls;
import io.clouddb.spi.RetryPolicy;
import io.clouddb.spi.workflow.Look;
import io.clouddb.sql.ConnectionDetails;
import io.micrometer.observation.ObservationRegistry;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What fuzzing found, one by one: absurd times, half characters, tokens without parts. */
class HostileValuesTest {
  private static final Duration HUGE = Duration.ofSeconds(Long.MAX_VALUE);

  private final RecordingProvider provider = new RecordingProvider();

  private CloudConfig.Builder config() {
    return CloudConfig.builder("recording", "here").providerObject(provider);
  }

  private static InstanceSpec.Builder spec() {
    return InstanceSpec.builder("orders", Engine.POSTGRESQL, "16")
        .size(InstanceSize.named("small"))
        .storage(Storage.ssd(DataSize.gib(10)))
        .admin(AdminLogin.of("app_admin", SecretRef.environment("PW")));
  }

  @Test
  void aLimitLongerThanANumberHoldsIsForEver() {
    provider.polls.add(RecordingProvider::done);
    try (CloudDb cloud = CloudDb.open(config().build())) {
      assertThat(cloud.instances().create(spec().build()).await(HUGE).name()).isEqualTo("orders");
    }
  }

  @Test
  void aLimitInThePastIsOver() {
    try (CloudDb cloud = CloudDb.open(config().build())) {
      Operation<Instance> operation = cloud.instances().create(spec().build());
      for (Duration past : List.of(Duration.ZERO, Duration.ofSeconds(Long.MIN_VALUE))) {
        assertThatThrownBy(() -> operation.await(past)).isInstanceOf(DeadlineException.class);
      }
    }
  }

  /** What a service asks for is no reason to look never again, nor at once for ever. */
  @Test
  void anAbsurdPauseIsADayAtMostAndNotNegative() {
    provider.polls.add(context -> Look.going("waits", HUGE));
    provider.polls.add(context -> Look.going("waits", HUGE.negated()));
    provider.polls.add(RecordingProvider::done);
    List<Duration> pauses = new CopyOnWriteArrayList<>();
    CloudConfig timed =
        config()
            .timer(
                (delay, task) -> {
                  pauses.add(delay);
                  task.run();
                })
            .build();
    try (CloudDb cloud = CloudDb.open(timed)) {
      cloud.instances().create(spec().build()).await(Duration.ofMinutes(1));
    }
    assertThat(pauses).containsExactly(Duration.ZERO, Duration.ofDays(1), Duration.ZERO);
    assertThatThrownBy(() -> config().pollInterval(HUGE).build())
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("longer than a day");
  }

  @Test
  void aServiceThatAsksForAnAbsurdPauseIsAskedAgainAfterTheLongest() {
    RetryPolicy policy = new RetryPolicy(2, Duration.ofMillis(1), Duration.ofMillis(1));
    AtomicInteger calls = new AtomicInteger();
    String answer =
        new RemoteCalls("p", policy, ObservationRegistry.NOOP, e -> Optional.empty())
            .repeatable(
                "Describe",
                "orders",
                () -> {
                  if (calls.incrementAndGet() == 1) {
                    throw ErrorDetails.of(ErrorCategory.THROTTLED, "later")
                        .retryAfter(HUGE)
                        .toException();
                  }
                  return "there";
                });
    assertThat(answer).isEqualTo("there");
    assertThatThrownBy(() -> new RetryPolicy(2, HUGE, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new RetryPolicy(2, Duration.ofMillis(1), HUGE))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static String token(String document) {
    return "clouddb-op-2."
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(document.getBytes(StandardCharsets.ISO_8859_1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"schemaVersion\":2}",
        "{\"schemaVersion\":2,\"location\":\"here\"}",
        "{\"schemaVersion\":2,\"provider\":\"recording\"}",
        "{\"schemaVersion\":2,\"provider\":\"recording\",\"location\":\"here\"}",
        "{\"schemaVersion\":2,\"provider\":\"recording\",\"location\":\"here\",\"state\":{}}",
        "{\"schemaVersion\":2,\"provider\":\"recording\",\"location\":\"here\",\"state\":null}",
        "{\"schemaVersion\":2,\"provider\":\"\u00ff\"}",
      })
  void aTokenWithoutItsPartsIsRefused(String document) {
    assertThatThrownBy(
            () ->
                new OperationToken("recording", null).read(token(document), k -> Optional.empty()))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("token");
    try (CloudDb cloud = CloudDb.open(config().build())) {
      assertThatThrownBy(() -> cloud.operations().resume(token(document), Instance.class))
          .isInstanceOf(InvalidArgumentException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/etc/\ud800.pem", "/etc/ca.pem\udfff", "/etc/\0.pem"})
  void halfACharacterIsInNoPathOfARootCertificate(String text) {
    Path path =
        (Path)
            Proxy.newProxyInstance(
                Path.class.getClassLoader(),
                new Class<?>[] {Path.class},
                (proxy, method, arguments) ->
                    method.getName().equals("toString") ? text : method.getDefaultValue());

    assertThatThrownBy(
            () ->
                ConnectionDetails.postgresql("db", 5432, "shop", "app", SecretRef.literal("x"))
                    .rootCertificate(path)
                    .build())
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("path of the root certificate");
    assertThatThrownBy(() -> config().databaseRootCertificate(path).build())
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("root certificate");
  }

  /** In UTF-8 half a character is a question mark: the id of another resource would be read. */
  @ParameterizedTest
  @ValueSource(strings = {"a\uD800b", "\uDFFF", "a\0"})
  void halfACharacterIsInNoIdAndNoReference(String text) {
    ResourceId id = ResourceId.of("aws", "", "us-east-1", "instance", "a");
    assertThatThrownBy(() -> ResourceId.of("aws", "", "us-east-1", "instance", text))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("name of a resource id");
    assertThatThrownBy(() -> ResourceId.of("aws", text, "us-east-1", "instance", "a"))
        .isInstanceOf(InvalidArgumentException.class);
    assertThatThrownBy(() -> id.withNativeId(text)).isInstanceOf(InvalidArgumentException.class);
    assertThatThrownBy(() -> ResourceId.parse("clouddb:aws::us-east-1:instance:" + text))
        .isInstanceOf(InvalidArgumentException.class);
    assertThatThrownBy(() -> SecretRef.store(text)).isInstanceOf(InvalidArgumentException.class);
    assertThatThrownBy(() -> config().property("project", text).build())
        .isInstanceOf(InvalidArgumentException.class);
    assertThatThrownBy(() -> spec().parameter("x", text).build())
        .isInstanceOf(InvalidArgumentException.class);
    assertThatThrownBy(() -> spec().size(InstanceSize.named(text)).build())
        .isInstanceOf(InvalidArgumentException.class);
  }

  @Test
  void aPasswordGivenAsTheAdminsNameIsNotRepeated() {
    assertThatThrownBy(() -> spec().admin(AdminLogin.managed("Hunter2-secret")).build())
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("the admin's user")
        .hasMessageNotContaining("Hunter2");
  }

  @Test
  void aSizeBeyondAllNumbersIsRefused() {
    for (long amount : new long[] {Long.MAX_VALUE, 1L << 33, Long.MIN_VALUE, -1}) {
      assertThatThrownBy(() -> DataSize.gib(amount)).isInstanceOf(InvalidArgumentException.class);
    }
    assertThatThrownBy(() -> DataSize.mib(1L << 43)).isInstanceOf(InvalidArgumentException.class);
    assertThat(DataSize.mib((1L << 43) - 1).bytes()).isPositive();
  }

  /** A line of a log is not begun by what somebody typed, nor filled by it. */
  @Test
  void whatIsRepeatedIsShortAndOnOneLine() {
    String name = "a\nWARN all is lost\u202E" + "x".repeat(100_000);
    assertThatThrownBy(() -> InstanceSpec.builder(name, Engine.POSTGRESQL, name).build())
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("a\\u000aWARN all is lost\\u202e")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n").hasSizeLessThan(3000));
    assertThatThrownBy(() -> ResourceId.parse(name))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n").hasSizeLessThan(1000));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "clouddb:aws:us-east-1?project=%FF",
        "clouddb:aws:us-east-1?project=a%00",
        "clouddb:aws:us-east-1?endpoint=https:opaque",
        "clouddb:aws:us-east-1?endpoint=https%3A%2F%2F%2Fpath",
        "clouddb:aws:us-east-1?endpoint=https://example.com:99999",
        "clouddb:aws:us-east-1?pollInterval=PT9223372036854775807S"
      })
  void aCloudsUrlWithAValueThatIsNoneIsRefused(String url) {
    assertThatThrownBy(() -> CloudConfig.fromUrl(url).build())
        .isInstanceOf(InvalidArgumentException.class);
  }
}
