/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Instance;
import io.clouddb.security.SecretRef;
import org.junit.jupiter.api.Test;

/** Whoever can write a token names no file of this machine that is sent as a password. */
class UnsealedTokenNamesNoSecretTest {
  private static final SecretRef FILE = SecretRef.file(java.nio.file.Path.of("/etc/passwd"));
  private static final SecretRef KEY = SecretRef.literal("0123456789abcdef");

  private final WorkflowCloud workflow = new WorkflowCloud();

  private Instance resumed(CloudConfig config) {
    workflow.provider.atRequest = WorkflowCloud.failing(ErrorCategory.AUTHENTICATION);
    try (CloudDb cloud = CloudDb.open(config)) {
      String token =
          workflow.failureOfACreation(cloud, FILE).details().operationToken().orElseThrow();
      // An instance of theirs, on which all is as the token asks.
      String id = workflow.entries.keySet().iterator().next();
      workflow.provider.attempts.put("here/orders", id);
      workflow.provider.logins.add("here/orders");
      return cloud.operations().resume(token, Instance.class).await(WorkflowCloud.LONG);
    }
  }

  @Test
  void itsResultKnowsTheLoginOnly() {
    Instance orders = resumed(workflow.config().build());
    assertThat(orders.admin()).contains(AdminLogin.named("app"));
    assertThatThrownBy(orders::connection)
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("connection(AdminLogin.of(user, password))");
  }

  @Test
  void aSealedOneIsBelieved() {
    Instance orders = resumed(workflow.config().tokenKey(KEY).build());
    assertThat(orders.admin()).contains(AdminLogin.of("app", FILE));
  }
}
