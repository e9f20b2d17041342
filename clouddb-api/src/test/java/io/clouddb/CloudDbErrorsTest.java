/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.error.NotFoundException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Storage;
import io.clouddb.operation.Operation;
import io.clouddb.security.SecretRef;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What a user is told who uses a cloud, a token or an id in the wrong way. */
class CloudDbErrorsTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final RecordingProvider provider = new RecordingProvider();

  private CloudDb open() {
    return CloudDb.open(
        CloudConfig.builder("recording", "here")
            .property("project", "shop")
            .providerObject(provider)
            .pollInterval(Duration.ofMillis(1))
            .ids(() -> "attempt-1")
            .build());
  }

  private static InstanceSpec.Builder spec() {
    return InstanceSpec.builder("orders", Engine.POSTGRESQL, "16")
        .size(InstanceSize.named("small"))
        .storage(Storage.ssd(DataSize.gib(10)))
        .admin(AdminLogin.of("app_admin", SecretRef.environment("PW")));
  }

  private void assertUnreadable(String token, String... words) {
    try (CloudDb cloud = open()) {
      assertThatThrownBy(() -> cloud.operations().resume(token, Instance.class))
          .as(token)
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContainingAll(words);
    }
  }

  private static String token(String json) {
    return "clouddb-op-2."
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aTokenThatWasCutOffAnywhereSaysSo() {
    String whole;
    try (CloudDb cloud = open()) {
      whole = cloud.instances().create(spec().build()).token();
    }
    for (int length = 0; length < whole.length(); length++) {
      assertUnreadable(whole.substring(0, length), "cut off");
    }
    try (CloudDb cloud = open()) {
      assertThat(cloud.operations().resume(whole + "\n", Instance.class).resource().name())
          .as("a line break of the file that held it")
          .isEqualTo("orders");
    }
    assertUnreadable(whole + "!", "damaged");
    assertUnreadable("clouddb-op-9.abc", "newer release");
    assertUnreadable("hello", "no operation token");
  }

  @Test
  void aTokenThatLacksSomethingNamesIt() {
    String state =
        "\"state\":{\"kind\":\"instance.start\",\"resource\":\"clouddb:recording:shop:here:instance:a\","
            + "\"id\":\"op-1\",\"started\":\"2026-01-01T00:00:00Z\"}";
    String provider = "\"provider\":\"recording\"";
    assertUnreadable(token("{\"schemaVersion\":2," + state + "}"), "no provider");
    assertUnreadable(token("{\"schemaVersion\":2," + provider + "}"), "no state");
    for (String part : new String[] {"kind", "resource", "id", "started"}) {
      String less = state.replaceAll("\"" + part + "\":\"[^\"]*\",?", "").replace(",}", "}");
      assertUnreadable(
          token("{\"schemaVersion\":2," + provider + "," + less + "}"), "is this its token?");
    }
    assertUnreadable(
        token(
            "{\"schemaVersion\":2,"
                + provider
                + ","
                + state.replace(":instance:a", ":instance:%zz")
                + "}"),
        "percent-encoded");
    assertUnreadable(token("null"), "token");
    assertUnreadable(token("[]"), "token");
  }

  @Test
  void aClosedCloudSaysSoWhateverIsAskedOfIt() {
    provider.polls.add(RecordingProvider::done);
    CloudDb cloud = open();
    Operation<Instance> operation = cloud.instances().create(spec().build());
    Instance instance = operation.await(LONG);
    String token = operation.token();
    var listing = cloud.instances().list();
    Instance found = cloud.instances().get("existing");
    cloud.close();
    cloud.close();
    int calls = provider.calls.size();
    ResourceId id = instance.id();
    InstanceChange change = InstanceChange.builder().tag("a", "b").build();
    List<ThrowingCallable> uses =
        List.of(
            () -> cloud.instances().find("existing"),
            () -> cloud.instances().get("existing"),
            () -> cloud.instances().get(id),
            () -> cloud.instances().create(spec().build()),
            () -> cloud.instances().ensure(spec().build()),
            () -> cloud.instances().modify(id, change),
            () -> cloud.instances().start(id),
            () -> cloud.instances().stop(id),
            () -> cloud.instances().delete(id),
            () -> cloud.instances().list().iterator().next(),
            () -> listing.iterator().next(),
            () -> cloud.operations().resume(token, Instance.class),
            () -> cloud.unwrap(String.class),
            () -> found.connection(AdminLogin.of("a", SecretRef.store("s"))).credentials());
    for (ThrowingCallable use : uses) {
      assertThatThrownBy(use)
          .isInstanceOfSatisfying(
              CloudDbException.class,
              e -> {
                assertThat(e.retryable()).isFalse();
                assertThat(e.details().outcomeKnown()).isTrue();
                assertThat(e.nextStep()).hasValueSatisfying(s -> assertThat(s).contains("open"));
              })
          .hasMessageContainingAll("recording:here", "closed");
    }
    assertThat(provider.calls).hasSize(calls);
    assertThat(operation.await(LONG)).as("what was there before").isEqualTo(instance);
    assertThat(operation.token()).isEqualTo(token);
    assertThat(cloud.instances().plan(spec().build()).feasible()).isTrue();
    assertThat(
            found
                .connection(AdminLogin.of("a", SecretRef.literal("p")))
                .credentials()
                .get("password"))
        .as("a password that is not the cloud's")
        .isEqualTo("p");
  }

  @Test
  void anIdOfAnotherPlaceSaysWhichPartDiffers() {
    try (CloudDb cloud = open()) {
      assertThatThrownBy(
              () ->
                  cloud
                      .instances()
                      .start(ResourceId.of("recording", "shop", "there", "instance", "a")))
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContainingAll("location there", "here", "clouddb:recording:there");
      assertThatThrownBy(
              () ->
                  cloud.instances().start(ResourceId.of("other", "shop", "here", "instance", "a")))
          .hasMessageContainingAll("provider other", "recording");
      assertThatThrownBy(
              () ->
                  cloud
                      .instances()
                      .get(ResourceId.of("recording", "bank", "here", "instance", "a")))
          .hasMessageContainingAll("account bank", "shop");
      assertThatThrownBy(
              () -> cloud.instances().get(ResourceId.of("recording", "shop", "here", "table", "a")))
          .hasMessageContainingAll("kind table", "instance");
    }
  }

  @Test
  void anInstanceThatIsElsewhereIsNamedWithItsPlace() {
    try (CloudDb cloud = open()) {
      assertThatThrownBy(() -> cloud.instances().get("abroad"))
          .isInstanceOf(NotFoundException.class)
          .hasMessageContainingAll("abroad", "there", "clouddb:recording:there");
      assertThatThrownBy(() -> cloud.instances().get("nowhere"))
          .isInstanceOf(NotFoundException.class)
          .hasMessageNotContaining("there ");
    }
  }
}
