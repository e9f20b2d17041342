/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.CloudDb;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.security.SecretRef;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A simulated RDS for the tests of one class, opened anew for each test. */
abstract class RdsOperations {
  protected static final Duration LIMIT = Duration.ofMinutes(2);

  protected static RdsTestCloud rds;
  protected CloudDb cloud;

  @BeforeAll
  static void start() {
    rds = new RdsTestCloud();
  }

  @AfterAll
  static void stop() {
    rds.close();
  }

  @BeforeEach
  void open() {
    cloud = rds.open();
  }

  @AfterEach
  void close() {
    cloud.close();
    assertThat(rds.simulator().faults().pending()).isZero();
  }

  protected Instance create(InstanceSpec.Builder spec) {
    return cloud.instances().create(spec.build()).await(LIMIT);
  }

  protected Instance modify(Instance instance, InstanceChange.Builder change) {
    return cloud.instances().modify(instance.id(), change.build()).await(LIMIT);
  }

  protected static String show(Instance instance, AdminLogin login, String sql)
      throws SQLException {
    try (Connection connection = instance.connection(login).connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }

  protected static AdminLogin login() {
    return AdminLogin.of("app_admin", SecretRef.literal("correct-horse-battery"));
  }

  protected static List<String> groupsOf(String instance) {
    return rds.simulator().rds().parameterGroups(RdsTestCloud.REGION).stream()
        .filter(name -> name.startsWith("clouddb-" + instance + "-"))
        .toList();
  }

  protected static List<String> rebootsOf(String instance) {
    return rds.simulator().requests("RebootDBInstance").stream()
        .map(RdsTestCloud::form)
        .map(form -> form.get("DBInstanceIdentifier"))
        .filter(instance::equals)
        .toList();
  }
}
