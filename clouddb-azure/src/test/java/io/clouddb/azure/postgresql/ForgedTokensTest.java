/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.azure.postgresql.AzureOnThisMachine.LIMIT;
import static io.clouddb.azure.postgresql.AzureOnThisMachine.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Network;
import io.clouddb.instance.TlsMode;
import io.clouddb.replica.Promoted;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.ReplicaDriver;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody can do who can write to where an application keeps its tokens: nothing. */
class ForgedTokensTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PREFIX = "clouddb-op-2.";

  @TempDir private static Path folder;
  private static AzureOnThisMachine azure;
  private static CloudDb unsealed;
  private static ResourceId orders;

  /** Of a change and a start that are over, so that they are followed without a request. */
  private static String change;

  private static String start;

  @BeforeAll
  static void open() {
    azure = new AzureOnThisMachine(100, 40, Duration.ZERO, 1200);
    unsealed =
        CloudDb.open(
            azure.azure.config().property("resourceGroup", AzureOnThisMachine.GROUP).build());
    orders = unsealed.instances().create(spec("orders").build()).await(LIMIT).id();
    var changed =
        unsealed.instances().modify(orders, InstanceChange.builder().tag("a", "b").build());
    changed.await(LIMIT);
    change = changed.token();
    var started = unsealed.instances().start(orders);
    started.await(LIMIT);
    start = started.token();
  }

  @AfterAll
  static void close() {
    unsealed.close();
    azure.close();
  }

  @BeforeEach
  void forget() {
    azure.azure.clearRequests();
  }

  private static ObjectNode document(String token) throws Exception {
    String text = token.substring(PREFIX.length()).replaceFirst("[.].*", "");
    return (ObjectNode) JSON.readTree(Base64.getUrlDecoder().decode(text));
  }

  private static String token(ObjectNode document) {
    return PREFIX
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(document.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** At the beginning of a step, with another request. */
  private static String forged(String kind, String step, String item, String specification)
      throws Exception {
    ObjectNode document = document(change);
    ObjectNode state = (ObjectNode) document.get("state");
    state.put("kind", kind).put("step", step).put("item", item).put("tries", 0);
    state.remove("asked");
    state.remove("handle");
    ((ObjectNode) state.get("values")).put("patches", "CHANGE").remove("operation");
    document.put("specification", specification);
    return token(document);
  }

  private static void refused(String token, Class<?> type, String why) {
    CloudDbException e =
        catchThrowableOfType(
            CloudDbException.class, () -> unsealed.operations().resume(token, type).await(LIMIT));
    assertThat(e).hasMessageContaining(why);
    assertThat(e.category()).isIn(ErrorCategory.INVALID_ARGUMENT, ErrorCategory.CONDITION_FAILED);
    assertThat(azure.changes()).isEmpty();
  }

  private static InstanceSpec open(String name) throws Exception {
    Path password = Files.writeString(folder.resolve("theirs"), "Th3irs-secret");
    return spec(name)
        .admin(AdminLogin.of("app_admin", SecretRef.file(password)))
        .network(Network.publicAccess("0.0.0.0/0"))
        .build();
  }

  @Test
  void whatNobodyChangedIsFollowed() {
    Instance same = unsealed.operations().resume(change, Instance.class).await(LIMIT);
    assertThat(same.tags()).containsEntry("a", "b");
    assertThat(azure.changes()).isEmpty();
  }

  @Test
  void setsNoPassword() throws Exception {
    Path password = Files.writeString(folder.resolve("password"), "Th3irs-secret");
    String asked =
        InstanceChange.builder().adminPassword(SecretRef.file(password)).build().toJson();
    refused(forged("instance.modify", "change", "", asked), Instance.class, "token was not sealed");
    refused(forged("instance.modify", "", "", asked), Instance.class, "token was not sealed");
    String another = forged("instance.create", "server", "", open("theirs").toJson());
    refused(another, Instance.class, "belongs to another server");
  }

  @Test
  void makesNoServer() throws Exception {
    ObjectNode document = document(forged("instance.create", "", "", open("theirs").toJson()));
    ObjectNode state = (ObjectNode) document.get("state");
    state.put("resource", azure.runs().id("theirs").toString());
    ((ObjectNode) state.get("values")).remove("created");
    refused(token(document), Instance.class, "token was not sealed");
  }

  @Test
  void opensNoNetwork() throws Exception {
    refused(
        forged("instance.create", "firewall rule", "0.0.0.0/0", open("orders").toJson()),
        Instance.class,
        "token was not sealed");
    String plain = InstanceChange.builder().tls(TlsMode.OPTIONAL).build().toJson();
    refused(
        forged("instance.modify", "parameter", "require_secure_transport", plain),
        Instance.class,
        "token was not sealed");
  }

  /** A PUT of a virtual endpoint that is there would take its readers to another server. */
  @Test
  void movesNoReaders() throws Exception {
    ObjectNode document =
        document(
            forged(
                ReplicaDriver.PROMOTE.id(),
                "virtual endpoint",
                "",
                "{\"schemaVersion\":1,\"form\":\"SWITCHOVER\",\"forced\":false}"));
    ResourceId reader =
        unsealed.replicas().create(orders, ReplicaSpec.named("reader")).await(LIMIT).id();
    azure.azure.clearRequests();
    ObjectNode state = (ObjectNode) document.get("state");
    state.put("resource", reader.toString());
    ((ObjectNode) state.get("values"))
        .put("source", ServerArmId.of(orders).toString())
        .put("new-endpoint", "theirs")
        .remove("created");
    refused(token(document), Promoted.class, "token was not sealed");
  }

  @Test
  void deletesNothing() throws Exception {
    refused(forged("instance.delete", "", "", "{}"), ResourceId.class, "token was not sealed");
    refused(
        forged("instance.delete", "delete", "", "{}"), ResourceId.class, "token was not sealed");
  }

  @Test
  void stopsNothing() throws Exception {
    refused(forged("instance.stop", "", "", "{}"), Instance.class, "token was not sealed");
  }

  @Test
  void reachesNoStepOfAnotherKind() throws Exception {
    ObjectNode document = document(start);
    ((ObjectNode) document.get("state")).put("step", "delete");
    refused(token(document), Instance.class, "does not know");
    refused(
        forged("instance.modify", "server", "", document(change).get("specification").asText()),
        Instance.class,
        "does not know");
  }

  @Test
  void aSealedOneThatWasChangedIsRefused() throws Exception {
    try (CloudDb sealed = azure.open()) {
      String token = sealed.instances().start(orders).token();
      String seal = token.substring(token.lastIndexOf('.'));
      ObjectNode document = document(token);
      ((ObjectNode) document.get("state")).put("kind", "instance.delete");
      for (String changed : new String[] {token(document), token(document) + seal}) {
        InvalidArgumentException e =
            catchThrowableOfType(
                InvalidArgumentException.class,
                () -> sealed.operations().resume(changed, ResourceId.class));
        assertThat(e).hasMessageContaining("sealed");
      }
    }
    assertThat(azure.azure.requests("Servers_Delete")).isEmpty();
  }
}
