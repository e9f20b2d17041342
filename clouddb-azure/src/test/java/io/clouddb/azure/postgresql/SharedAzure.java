/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.CloudDb;
import io.clouddb.testkit.simulator.engine.RecordedRequest;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One simulated Azure for all tests of a class, whose requests and faults each test has for itself.
 * What was sent is held beside the published definition before it is forgotten; at the end the
 * simulator has to have known all of it.
 */
final class SharedAzure
    implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
  private final Duration shownAfter;
  private @Nullable AzureOnThisMachine azure;
  private @Nullable CloudDb cloud;

  /** One that shows at once what was made. */
  SharedAzure() {
    this(Duration.ZERO);
  }

  /**
   * One that shows late what was made.
   *
   * @param shownAfter how late, in simulated time
   */
  SharedAzure(Duration shownAfter) {
    this.shownAfter = shownAfter;
  }

  AzureOnThisMachine azure() {
    return Objects.requireNonNull(azure);
  }

  CloudDb cloud() {
    return Objects.requireNonNull(cloud);
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    azure = new AzureOnThisMachine(100, 40, shownAfter, 2400);
    cloud = azure.open();
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    forget();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    azure().azure.faults().clear();
    forget();
  }

  private void forget() {
    List<RecordedRequest> sent = azure().azure.requests();
    azure().azure.clearRequests();
    PublishedDefinition.check(sent);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    try {
      cloud().close();
      assertThat(azure().azure.bugs()).isEmpty();
      assertThat(azure().azure.notSimulated()).isEmpty();
    } finally {
      azure().close();
    }
  }
}
