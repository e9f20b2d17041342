/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.fuzz;

import static io.clouddb.fuzz.Outcome.valueOrRefusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.CloudConfig;
import io.clouddb.DataSize;
import io.clouddb.ResourceId;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.RetryPolicy;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the API takes as text: ids, URLs, references, specs. */
final class ApiTargets {
  /** Stands where a secret may have been put by mistake: no error repeats it. */
  private static final String SECRET = "hunter2-correct-horse";

  private static final List<String> IDS =
      List.of(
          "clouddb:aws::us-east-1:instance:orders",
          "clouddb:gcp:shop-project:asia-northeast3:instance:orders:projects%2Fshop%2Finstances%2Fa",
          "clouddb:azure:11-22%2Fgroup:koreacentral:instance:a%3Ab%25c%20d%E2%82%AC%F0%9F%98%80");

  private static final List<String> URLS =
      List.of(
          "clouddb:aws:us-east-1",
          "clouddb:gcp:asia-northeast3?project=shop&pollInterval=PT0.25S",
          "clouddb:azure:koreacentral?subscription=s&resourceGroup=g&endpoint=http://127.0.0.1:80/a",
          "clouddb:aws:us-east-1?endpoint=https%3A%2F%2Frds.example.com%2F");

  private static final List<String> REFERENCES =
      List.of("env:ADMIN_PW", "file:/run/secrets/pw", "store:arn:aws:secretsmanager:x:1:secret:a");

  private ApiTargets() {}

  static List<Target> all(Path folder) {
    return List.of(
        new Target("resource-id", ApiTargets::resourceId),
        new Target("resource-id-parts", ApiTargets::parts),
        new Target("cloud-url", ApiTargets::cloudUrl),
        new Target("secret-reference", ApiTargets::reference),
        new Target("secret-file", source -> secretFile(source, folder.resolve("secret"))),
        new Target("spec-json", ApiTargets::specJson),
        new Target("change-json", ApiTargets::changeJson),
        new Target("spec-values", ApiTargets::specValues),
        new Target("secret-in-json", ApiTargets::secretInJson),
        new Target("data-size", ApiTargets::dataSize),
        new Target("retry-policy", ApiTargets::retryPolicy));
  }

  private static void resourceId(Source source) throws Exception {
    String text = source.changed(IDS);
    valueOrRefusal(() -> ResourceId.parse(text)).ifPresent(ApiTargets::readsBack);
  }

  private static void parts(Source source) throws Exception {
    Optional<ResourceId> made =
        valueOrRefusal(
            () ->
                ResourceId.of(
                    source.text(), source.text(), source.text(), source.text(), source.text()));
    made.ifPresent(ApiTargets::readsBack);
    String nativeId = source.text();
    ResourceId plain = ResourceId.parse(IDS.get(0));
    valueOrRefusal(() -> plain.withNativeId(nativeId)).ifPresent(ApiTargets::readsBack);
  }

  private static void readsBack(ResourceId id) {
    ResourceId back = ResourceId.parse(id.toString());
    assertThat(back).isEqualTo(id);
    assertThat(back.nativeId()).isEqualTo(id.nativeId());
    assertThat(back.toString()).isEqualTo(id.toString());
  }

  private static void cloudUrl(Source source) throws Exception {
    String url = source.changed(URLS);
    valueOrRefusal(() -> CloudConfig.fromUrl(url).build())
        .ifPresent(
            config -> {
              assertThat(config.pollInterval().isNegative()).isFalse();
              assertThat(config.pollInterval().toMillis()).isNotNegative();
              StringBuilder again =
                  new StringBuilder("clouddb:" + config.provider() + ":" + config.location() + "?");
              again.append("pollInterval=").append(config.pollInterval());
              config.endpoint().ifPresent(uri -> again.append("&endpoint=").append(encode(uri)));
              config
                  .properties()
                  .forEach(
                      (name, value) ->
                          again.append('&').append(encode(name)).append('=').append(encode(value)));
              CloudConfig back = CloudConfig.fromUrl(again.toString()).build();
              assertThat(back.properties()).isEqualTo(config.properties());
              assertThat(back.endpoint()).isEqualTo(config.endpoint());
              assertThat(back.pollInterval()).isEqualTo(config.pollInterval());
            });
  }

  private static String encode(Object value) {
    return URLEncoder.encode(value.toString(), StandardCharsets.UTF_8);
  }

  private static void reference(Source source) throws Exception {
    String text = source.changed(REFERENCES);
    Optional<SecretRef> read = valueOrRefusal(() -> SecretRef.parse(text));
    if (read.isPresent()) {
      SecretRef reference = read.get();
      assertThat(SecretRef.parse(reference.toText())).isEqualTo(reference);
      valueOrRefusal(
          reference::resolve,
          Set.of(
              ErrorCategory.NOT_FOUND,
              ErrorCategory.INVALID_ARGUMENT,
              ErrorCategory.UNSUPPORTED_FEATURE));
    }
  }

  /** Whatever is in the file, it is the secret to the last byte, or refused. */
  private static void secretFile(Source source, Path file) throws Exception {
    byte[] content = source.chance(50) ? source.bytes(64) : utf8(source.text());
    Files.write(file, content);
    Optional<String> read =
        valueOrRefusal(SecretRef.file(file)::resolve, Set.of(ErrorCategory.INVALID_ARGUMENT));
    if (read.isPresent()) {
      String secret = read.get();
      assertThat(List.of(secret, secret + "\n", secret + "\r\n").stream().map(ApiTargets::utf8))
          .contains(content);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void specJson(Source source) throws Exception {
    String json = ChangedJson.of(source, SampleSpecs.SPECS);
    valueOrRefusal(() -> InstanceSpec.fromJson(json))
        .ifPresent(
            spec -> {
              assertThat(InstanceSpec.fromJson(spec.toJson())).isEqualTo(spec);
              assertThat(spec.toBuilder().build()).isEqualTo(spec);
            });
  }

  private static void changeJson(Source source) throws Exception {
    String json = ChangedJson.of(source, SampleSpecs.CHANGES);
    valueOrRefusal(() -> InstanceChange.fromJson(json))
        .ifPresent(
            change -> assertThat(InstanceChange.fromJson(change.toJson())).isEqualTo(change));
  }

  private static void specValues(Source source) throws Exception {
    valueOrRefusal(() -> SampleSpecs.built(source))
        .ifPresent(spec -> assertThat(InstanceSpec.fromJson(spec.toJson())).isEqualTo(spec));
  }

  /** Wherever in a document a secret is put, no refusal repeats it. */
  private static void secretInJson(Source source) throws Exception {
    String sample = source.pick(SampleSpecs.SPECS);
    String json = SampleSpecs.withAdminReplaced(source, sample, SECRET);
    try {
      InstanceSpec.fromJson(json);
    } catch (CloudDbException e) {
      assertThat(e.category()).isEqualTo(ErrorCategory.INVALID_ARGUMENT);
      for (Throwable each = e; each != null; each = each.getCause()) {
        assertThat(each.toString()).as(json).doesNotContain(SECRET);
      }
    }
  }

  private static void dataSize(Source source) throws Exception {
    long amount = source.number();
    valueOrRefusal(() -> new DataSize(amount))
        .ifPresent(size -> assertThat(size.bytes()).isEqualTo(amount).isNotNegative());
    valueOrRefusal(() -> DataSize.gib(amount))
        .ifPresent(size -> assertThat(size.toGibExact()).isEqualTo(amount));
    valueOrRefusal(() -> DataSize.mib(amount))
        .ifPresent(size -> assertThat(size.bytes() >> 20).isEqualTo(amount));
  }

  private static void retryPolicy(Source source) throws Exception {
    int attempts = (int) source.number();
    valueOrRefusal(() -> new RetryPolicy(attempts, source.duration(), source.duration()))
        .ifPresent(policy -> assertThat(policy.firstPause().toMillis()).isPositive());
  }
}
