/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.CloudDb;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.spi.RetryPolicy;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that are none of the service's: a proxy's page, whatever its status. */
class RdsStrangeAnswersTest {
  private static final String HTML = "text/html; charset=utf-8";
  private static final String PAGE = "<html><body>Blocked by the proxy of the house</body></html>";

  private static RdsTestCloud rds;
  private static CloudDb cloud;

  @BeforeAll
  static void start() {
    rds = new RdsTestCloud(SimulatedClock.manual(Instant.EPOCH), builder -> builder);
    cloud = CloudDb.open(rds.unchecked().retryPolicy(RetryPolicy.NONE).build());
  }

  @AfterAll
  static void stop() {
    // The last first; each of them, whatever another says.
    try (RdsTestCloud second = rds;
        CloudDb first = cloud) {
      // Closed by leaving.
    }
  }

  @AfterEach
  void allHasHappened() {
    assertThat(rds.simulator().faults().pending()).isZero();
  }

  private static void intercept(String action, int status, String body) {
    rds.simulator().faults().on(action).intercepted(status, HTML, body);
  }

  private static CloudDbException failureOf(Callable<?> call) {
    return catchThrowableOfType(CloudDbException.class, call::call);
  }

  private static void assertTheWay(CloudDbException e) {
    assertThat(e).isNotNull();
    assertThat(e.nextStep()).hasValueSatisfying(step -> assertThat(step).contains("proxy"));
  }

  @ParameterizedTest
  @CsvSource({
    "400, OTHER, OTHER",
    "403, OTHER, OTHER",
    "404, OTHER, OTHER",
    "451, OTHER, OTHER",
    "502, UNAVAILABLE, OUTCOME_UNKNOWN",
    "503, UNAVAILABLE, UNAVAILABLE",
    "504, UNAVAILABLE, OUTCOME_UNKNOWN"
  })
  void aPageIsNoAnswerOfTheServices(int status, ErrorCategory read, ErrorCategory change) {
    intercept("DescribeDBInstances", status, PAGE);
    CloudDbException e = failureOf(() -> cloud.instances().find("any"));
    assertTheWay(e);
    assertThat(e.category()).isEqualTo(read);
    assertThat(e).hasMessageContaining("HTTP " + status);

    intercept("CreateDBInstance", status, PAGE);
    CloudDbException created =
        failureOf(() -> cloud.instances().create(RdsTestCloud.spec("blocked").build()));
    assertTheWay(created);
    assertThat(created.category()).isEqualTo(change);
    assertThat(cloud.instances().find("blocked")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<html><body>Sign in</body></html>",
        "<html><body>Sign in<br></body>",
        "Sign in",
        "{\"message\":\"blocked\"}",
        ""
      })
  void anAnswerThatCannotBeReadIsNoSuccess(String body) {
    intercept("DescribeDBInstances", 200, body);
    CloudDbException read = failureOf(() -> cloud.instances().find("any"));
    assertTheWay(read);
    assertThat(read.category()).as(body).isEqualTo(ErrorCategory.UNAVAILABLE);

    intercept("DescribeDBInstances", 200, body);
    assertTheWay(failureOf(() -> cloud.instances().list().iterator().hasNext()));

    intercept("CreateDBInstance", 200, body);
    CloudDbException change =
        failureOf(() -> cloud.instances().create(RdsTestCloud.spec("swallowed").build()));
    assertTheWay(change);
    assertThat(change.category()).as(body).isEqualTo(ErrorCategory.OUTCOME_UNKNOWN);
    assertThat(cloud.instances().find("swallowed")).isEmpty();

    intercept("CreateDBParameterGroup", 200, body);
    assertTheWay(
        failureOf(
            () ->
                cloud
                    .instances()
                    .create(RdsTestCloud.spec("swallowed").parameter("work_mem", "8192").build())));
    assertThat(rds.simulator().rds().parameterGroups(RdsTestCloud.REGION)).isEmpty();
  }

  @Test
  void anErrorOfTheServicesCanBeCarriedToAnotherProcess() throws Exception {
    rds.simulator()
        .faults()
        .on("DescribeDBInstances")
        .refused(400, "InvalidParameterValue", "The reason");
    CloudDbException e = failureOf(() -> cloud.instances().find("any"));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(e);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(in.readObject())
          .isInstanceOfSatisfying(
              e.getClass(),
              read -> {
                assertThat(read).hasMessage(e.getMessage());
                assertThat(read.details().providerCode()).contains("InvalidParameterValue");
                assertThat(read.getCause()).hasMessageContaining("The reason");
              });
    }
  }
}
