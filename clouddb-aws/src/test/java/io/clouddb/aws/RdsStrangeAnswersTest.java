/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.CloudDb;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.operation.Operation;
import io.clouddb.spi.RetryPolicy;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
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

  private static final String LOST = "looks what became of: ";
  private static final Duration LIMIT = Duration.ofMinutes(1);

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

  /** An operation does not end by it: it looks what became of its request, or sends it again. */
  private static void assertGoesOn(InstanceSpec spec, String progress) {
    // Closed, so that no look of it meets what the next one is to meet.
    try (CloudDb one = CloudDb.open(rds.unchecked().build())) {
      Operation<Instance> operation = one.instances().create(spec);
      Set<String> seen = new TreeSet<>();
      Requests.eventually(
          () -> {
            seen.add(operation.progress());
            return seen.stream().anyMatch(text -> text.startsWith(progress));
          });
      assertThat(operation.status()).isEqualTo(Operation.Status.RUNNING);
    }
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
    String name = "blocked-" + status;
    if (change == ErrorCategory.OTHER) {
      CloudDbException created =
          failureOf(() -> cloud.instances().create(RdsTestCloud.spec(name).build()).await(LIMIT));
      assertTheWay(created);
      assertThat(created.category()).isEqualTo(change);
    } else {
      assertGoesOn(
          RdsTestCloud.spec(name).build(),
          change == ErrorCategory.OUTCOME_UNKNOWN ? LOST : "looks again after: HTTP 503");
    }
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
    assertGoesOn(RdsTestCloud.spec("swallowed").build(), LOST);
    assertThat(cloud.instances().find("swallowed")).isEmpty();

    intercept("CreateDBParameterGroup", 200, body);
    assertGoesOn(RdsTestCloud.spec("swallowed").parameter("work_mem", "8192").build(), LOST);
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
