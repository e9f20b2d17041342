/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.client.http.HttpRequestInitializer;
import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.LowLevelHttpRequest;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.client.testing.http.MockHttpTransport;
import com.google.api.client.testing.http.MockLowLevelHttpRequest;
import com.google.api.client.testing.http.MockLowLevelHttpResponse;
import com.google.api.services.sqladmin.SQLAdmin;
import com.google.auth.Credentials;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.error.AuthenticationException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Instance;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.RetryPolicy;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;

class GcpProviderTest {
  private static final String INSTANCE =
      """
      {"name": "orders", "region": "us-east1", "databaseVersion": "POSTGRES_16",
       "state": "RUNNABLE", "ipAddresses": [{"type": "PRIMARY", "ipAddress": "203.0.113.7"}],
       "settings": {"activationPolicy": "ALWAYS"}}
      """;

  /** Answers every request by one instance, and keeps the requests. */
  private static final class Recorder extends MockHttpTransport {
    private final List<MockLowLevelHttpRequest> requests = new ArrayList<>();
    private final List<String> urls = new ArrayList<>();
    private boolean shutDown;

    @Override
    public LowLevelHttpRequest buildRequest(String method, String url) {
      MockLowLevelHttpRequest request = new MockLowLevelHttpRequest(url);
      request.setResponse(
          new MockLowLevelHttpResponse().setContentType("application/json").setContent(INSTANCE));
      requests.add(request);
      urls.add(url);
      return request;
    }

    @Override
    public void shutdown() {
      shutDown = true;
    }
  }

  private static CloudConfig.Builder config() {
    return CloudConfig.builder("gcp", "us-east1")
        .property("project", "shop-project")
        .retryPolicy(RetryPolicy.NONE);
  }

  private static GoogleCredentials token(String value) {
    return GoogleCredentials.create(
        new AccessToken(value, Date.from(Instant.now().plusSeconds(3600))));
  }

  @Test
  void itIsFoundByItsUrl() {
    try (CloudDb cloud = CloudDb.open("clouddb:gcp:us-east1?project=shop-project")) {
      assertThat(cloud.config().provider()).isEqualTo("gcp");
      // Makes the client; credentials are read when a request needs them.
      assertThat(cloud.unwrap(SQLAdmin.class).getRootUrl())
          .isEqualTo("https://sqladmin.googleapis.com/");
    }
  }

  @Test
  void itNeedsAProject() {
    assertThatThrownBy(() -> CloudDb.open("clouddb:gcp:us-east1"))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("project");
    assertThatThrownBy(() -> CloudDb.open("clouddb:gcp:us-east1?project=Shop%20Project"))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("Shop Project");
    try (CloudDb old = CloudDb.open("clouddb:gcp:us-east1?project=example.com:shop-project")) {
      assertThat(old.config().property("project")).contains("example.com:shop-project");
    }
  }

  @Test
  void handedInCredentialsGoIntoEveryRequestAndTheTransportStaysOpen() {
    for (boolean google : new boolean[] {true, false}) {
      Recorder transport = new Recorder();
      CloudConfig.Builder config = config().using(HttpTransport.class, transport);
      if (google) {
        config.using(GoogleCredentials.class, token("t-1"));
      } else {
        config.using(Credentials.class, token("t-1"));
      }
      try (CloudDb cloud = CloudDb.open(config.build())) {
        Instance orders = cloud.instances().get("orders");
        assertThat(orders.host()).contains("203.0.113.7");
        // The service has no other port.
        assertThat(orders.port()).isEqualTo(5432);
        assertThat(orders.admin()).isEmpty();
        assertThat(orders.connection(AdminLogin.of("me", SecretRef.literal("p"))).port())
            .isEqualTo(5432);
      }
      assertThat(transport.urls)
          .containsExactly(
              "https://sqladmin.googleapis.com/v1/projects/shop-project/instances/orders");
      assertThat(transport.requests.get(0).getHeaders().get("authorization"))
          .containsExactly("Bearer t-1");
      assertThat(transport.shutDown).isFalse();
    }
  }

  @Test
  void handedInCredentialsGoToASimulatorToo() {
    Recorder transport = new Recorder();
    try (CloudDb cloud =
        CloudDb.open(
            config()
                .using(HttpTransport.class, transport)
                .using(Credentials.class, token("t-2"))
                .endpoint(URI.create("http://127.0.0.1:9"))
                .build())) {
      cloud.instances().get("orders");
    }
    assertThat(transport.urls.get(0)).startsWith("http://127.0.0.1:9/v1/");
    assertThat(transport.requests.get(0).getHeaders()).containsKey("authorization");
  }

  @Test
  void aSimulatorOnThisMachineGetsNoCredentials() {
    Recorder transport = new Recorder();
    try (CloudDb cloud =
        CloudDb.open(
            config()
                .using(HttpTransport.class, transport)
                .endpoint(URI.create("http://127.0.0.1:9/base/"))
                .build())) {
      cloud.instances().get("orders");
    }
    assertThat(transport.urls.get(0)).startsWith("http://127.0.0.1:9/base/v1/");
    assertThat(transport.requests.get(0).getHeaders()).doesNotContainKey("authorization");
  }

  @Test
  void aHandedInClientIsUsed() {
    Recorder transport = new Recorder();
    SQLAdmin client =
        new SQLAdmin.Builder(transport, GsonFactory.getDefaultInstance(), request -> {})
            .setApplicationName("mine")
            .build();
    try (CloudDb cloud = CloudDb.open(config().using(SQLAdmin.class, client).build())) {
      assertThat(cloud.unwrap(SQLAdmin.class)).isSameAs(client);
      assertThat(cloud.instances().get("orders").name()).isEqualTo("orders");
    }
    assertThat(transport.requests).hasSize(1);
    assertThat(transport.shutDown).isFalse();
  }

  @Test
  void aHandedInInitializerIsUsed() {
    Recorder transport = new Recorder();
    HttpRequestInitializer own = request -> request.getHeaders().set("x-own", "yes");
    try (CloudDb cloud =
        CloudDb.open(
            config()
                .using(HttpTransport.class, transport)
                .using(HttpRequestInitializer.class, own)
                .build())) {
      cloud.instances().get("orders");
    }
    assertThat(transport.requests.get(0).getHeaders().get("x-own")).containsExactly("yes");
  }

  @Test
  void objectsThatContradictEachOtherAreRefused() {
    SQLAdmin client =
        new SQLAdmin.Builder(new Recorder(), GsonFactory.getDefaultInstance(), request -> {})
            .setApplicationName("mine")
            .build();
    CloudConfig both =
        config().using(SQLAdmin.class, client).using(HttpTransport.class, new Recorder()).build();
    assertThatThrownBy(() -> CloudDb.open(both))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("SQLAdmin");
    CloudConfig endpoint =
        config().using(SQLAdmin.class, client).endpoint(URI.create("http://127.0.0.1:9")).build();
    assertThatThrownBy(() -> CloudDb.open(endpoint)).isInstanceOf(InvalidArgumentException.class);
    CloudConfig twice =
        config()
            .using(HttpRequestInitializer.class, request -> {})
            .using(Credentials.class, token("t"))
            .build();
    assertThatThrownBy(() -> CloudDb.open(twice))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("HttpRequestInitializer");
  }

  @Test
  void credentialsThatCannotBeReadAreAnAuthenticationError() {
    Recorder transport = new Recorder();
    GoogleCredentials broken =
        new GoogleCredentials() {
          private static final long serialVersionUID = 1L;

          @Override
          public AccessToken refreshAccessToken() throws IOException {
            throw new io.clouddb.gcp.sql.MissingCredentialsException(new IOException("no key"));
          }
        };
    try (CloudDb cloud =
        CloudDb.open(
            config()
                .using(HttpTransport.class, transport)
                .using(Credentials.class, broken)
                .build())) {
      assertThatThrownBy(() -> cloud.instances().get("orders"))
          .isInstanceOfSatisfying(
              AuthenticationException.class,
              e -> assertThat(e.nextStep()).get().asString().contains("gcloud auth"));
    }
  }

  @Test
  void aClosedCloudMakesNoCalls() {
    CloudDb cloud = CloudDb.open(config().using(HttpTransport.class, new Recorder()).build());
    cloud.close();
    assertThatThrownBy(() -> cloud.instances().find("orders"))
        .isInstanceOf(CloudDbException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void aSecretInGooglesStoreIsRefused() {
    try (CloudDb cloud =
        CloudDb.open(
            config()
                .using(HttpTransport.class, new Recorder())
                .using(Credentials.class, token("t"))
                .build())) {
      Instance orders = cloud.instances().get("orders");
      AdminLogin login = AdminLogin.of("me", SecretRef.store("projects/p/secrets/s"));
      assertThatThrownBy(() -> orders.connection(login).credentials())
          .isInstanceOf(UnsupportedFeatureException.class)
          .hasMessageContaining("Secret Manager");
    }
  }
}
