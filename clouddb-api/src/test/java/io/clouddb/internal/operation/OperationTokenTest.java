/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.DataSize;
import io.clouddb.ResourceId;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.error.QuotaException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Engine;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Storage;
import io.clouddb.plan.Specification;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.OperationState;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OperationTokenTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final SecretRef KEY = SecretRef.literal("0123456789abcdef");

  private final OperationToken plain = new OperationToken("recording", null);
  private final OperationToken sealed = new OperationToken("recording", KEY);

  private static Optional<Class<? extends Specification>> specs(String kind) {
    return Optional.of(InstanceSpec.class);
  }

  private static InstanceSpec spec(SecretRef password) {
    return InstanceSpec.builder("orders", Engine.POSTGRESQL, "16")
        .size(InstanceSize.atLeast(2, DataSize.gib(8)))
        .storage(Storage.ssd(DataSize.gib(20)))
        .admin(AdminLogin.of("app", password))
        .build();
  }

  private static OperationState state() {
    ResourceId id = ResourceId.of("recording", "shop", "here", "instance", "orders");
    return OperationState.begin(
            "instance.create", id, "op-1", NOW, spec(SecretRef.environment("PW")))
        .customizing(List.of("java.lang.StringBuilder"))
        .with("a", "1")
        .at("second", "x", NOW)
        .asking(NOW.plusSeconds(1), "second/x")
        .accepted("handle-1")
        .losing();
  }

  private static String forged(String token, String from, String to) {
    String[] parts = token.split("\\.", -1);
    String json = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
    assertThat(json).contains(from);
    String changed =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(json.replace(from, to).getBytes(StandardCharsets.UTF_8));
    return parts[0] + "." + changed + (parts.length > 2 ? "." + parts[2] : "");
  }

  @Test
  void holdsAllOfTheState() {
    assertThat(plain.read(plain.write(state()), OperationTokenTest::specs)).isEqualTo(state());
    assertThat(sealed.read(" " + sealed.write(state()) + "\n", OperationTokenTest::specs))
        .isEqualTo(state());
  }

  @Test
  void holdsWhyAnOperationFailedWhileItIsUndone() {
    OperationState failing =
        state()
            .failing(
                ErrorDetails.of(ErrorCategory.QUOTA, "one too many")
                    .providerCode("Quota")
                    .requestId("r-1")
                    .nextStep("Ask for more.")
                    .toException(),
                NOW)
            .undone("second/x", "the thing x", NOW);
    OperationState read = plain.read(plain.write(failing), OperationTokenTest::specs);
    assertThat(read.left()).containsExactly("the thing x");
    assertThat(read.made()).isEmpty();
    assertThat(read.failure().orElseThrow())
        .isInstanceOf(QuotaException.class)
        .hasMessageContainingAll("one too many", "code Quota", "request r-1", "Ask for more.");
  }

  @Test
  void oneWithAKeyIsSealed() {
    String token = sealed.write(state());
    assertThat(token).matches("clouddb-op-2\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]{43}");
    assertThatThrownBy(
            () -> sealed.read(forged(token, "orders", "others"), OperationTokenTest::specs))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("changed since");
    assertThatThrownBy(() -> sealed.read(plain.write(state()), OperationTokenTest::specs))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("is not sealed");
    OperationToken other =
        new OperationToken("recording", SecretRef.literal("another-key-of-16-bytes"));
    assertThatThrownBy(() -> sealed.read(other.write(state()), OperationTokenTest::specs))
        .isInstanceOf(InvalidArgumentException.class);
    assertThatThrownBy(
            () -> sealed.read(token.substring(0, token.length() - 1), OperationTokenTest::specs))
        .isInstanceOf(InvalidArgumentException.class);
  }

  @Test
  void aKeyThatCanBeGuessedIsRefused() {
    OperationToken weak = new OperationToken("recording", SecretRef.literal("0123456789abcde"));
    assertThatThrownBy(() -> weak.write(state()))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContainingAll("16 bytes", "openssl rand")
        .hasMessageNotContaining("0123456789abcde");
  }

  @Test
  void oneWithoutAKeyIsReadByWhoeverHasNone() {
    assertThat(plain.read(sealed.write(state()), OperationTokenTest::specs)).isEqualTo(state());
    assertThatThrownBy(() -> plain.read(plain.write(state()) + ".x{", OperationTokenTest::specs))
        .isInstanceOf(InvalidArgumentException.class);
  }

  @Test
  void aLiteralSecretIsInNone() {
    OperationState literal = state().asking(spec(SecretRef.literal("hunter2")));
    assertThatThrownBy(() -> plain.write(literal))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void oneOfAnotherProviderIsRefused() {
    String token = new OperationToken("aws", null).write(state());
    assertThat(plain.isOfThisProvider(token)).isFalse();
    assertThat(plain.isOfThisProvider(plain.write(state()))).isTrue();
    assertThatThrownBy(() -> plain.read(token, OperationTokenTest::specs))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContainingAll("aws", "recording");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"kind\":\"instance.create\"",
        "\"id\":\"op-1\"",
        "\"started\":\"2026-01-01T00:00:00Z\"",
        "\"provider\":\"recording\""
      })
  void onePartMissingIsRefused(String part) {
    String token = forged(plain.write(state()), part + ",", "");
    assertThatThrownBy(() -> plain.read(token, OperationTokenTest::specs))
        .isInstanceOf(InvalidArgumentException.class);
  }

  @Test
  void nullsInItsListsAndMapsAreRefused() {
    for (Map.Entry<String, String> change :
        Map.of(
                "\"a\":\"1\"", "\"a\":null",
                "[\"second/x\"]", "[null]",
                "[\"java.lang.StringBuilder\"]", "[null]",
                "\"tries\":1", "\"tries\":-1")
            .entrySet()) {
      String token = forged(plain.write(state()), change.getKey(), change.getValue());
      assertThatThrownBy(() -> plain.read(token, OperationTokenTest::specs))
          .as(change.getKey())
          .isInstanceOf(InvalidArgumentException.class);
    }
  }

  @Test
  void namesInItAreShort() {
    String longest = "x".repeat(400);
    OperationState state =
        plain.read(
            forged(plain.write(state()), "\"second\"", "\"" + longest + "\""),
            OperationTokenTest::specs);
    assertThat(state.step()).isEqualTo(longest);
    String longer = forged(plain.write(state()), "\"second\"", "\"" + longest + "x\"");
    assertThatThrownBy(() -> plain.read(longer, OperationTokenTest::specs))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("400");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "clouddb",
        "clouddb-op-2.",
        "clouddb-op-2.e",
        "clouddb-op-2.{}",
        "clouddb-op-2.e30",
        "clouddb-op-1.e30",
        "clouddb-op-3.e30",
        "nonsense",
        "clouddb-op-2.gICA"
      })
  void whatIsNoneIsRefused(String text) {
    assertThatThrownBy(() -> plain.read(text, OperationTokenTest::specs))
        .isInstanceOf(InvalidArgumentException.class);
  }

  @Test
  void whatErrorsRepeatIsNoLongerThanASentence() {
    OperationState failed =
        state()
            .failing(ErrorDetails.of(ErrorCategory.QUOTA, "m".repeat(30_000)).toException(), NOW)
            .undone("second/x", "l".repeat(30_000), NOW);
    OperationState read = plain.read(plain.write(failed), OperationTokenTest::specs);
    assertThat(read.left()).singleElement().asString().hasSizeLessThan(5000).endsWith("...");
    assertThat(read.failure().orElseThrow().details().message()).hasSizeLessThan(5000);
    OperationState named = state().customizing(List.of("n".repeat(500)));
    assertThatThrownBy(() -> plain.read(plain.write(named), OperationTokenTest::specs))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("has at most 400 characters");
  }
}
