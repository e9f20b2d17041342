/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.error.NotFoundException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.plan.Field;
import io.clouddb.plan.Plan;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the pieces have in common that make instances: an open cloud, an administrator, and the
 * deletion of what a test leaves.
 */
abstract class InstanceCases {
  private record Made(CloudDb where, String name) {}

  private final CloudContract kit;

  /** The last first. */
  private final Deque<Made> made = new ArrayDeque<>();

  @TempDir
  @SuppressWarnings("NullAway.Init") // Made by JUnit.
  private Path folder;

  @SuppressWarnings("NullAway.Init") // Written before each test.
  private SecretRef password;

  @SuppressWarnings("NullAway.Init") // Opened before each test.
  private CloudDb cloud;

  InstanceCases(CloudContract kit) {
    this.kit = kit;
  }

  /**
   * Writes a password into a file, where another process could read it too, and opens the cloud.
   */
  @BeforeEach
  void openCloud() throws IOException {
    Path file = folder.resolve("password");
    Files.writeString(file, "Contract-" + UUID.randomUUID());
    password = SecretRef.file(file);
    cloud = CloudDb.open(kit.config().build());
  }

  /**
   * Deletes what the test has made, the last first: a replica before its source. What is refused is
   * tried again as long as others go: an instance with replicas is not deleted, and which of two is
   * that one is another matter once they have changed places. What cannot be deleted does not keep
   * the others.
   */
  @AfterEach
  void deleteInstances() {
    List<RuntimeException> failures = new ArrayList<>();
    try {
      int before;
      do {
        before = made.size();
        failures.clear();
        made.removeIf(each -> isDeleted(each, failures));
      } while (!failures.isEmpty() && made.size() < before);
    } finally {
      cloud.close();
    }
    if (!failures.isEmpty()) {
      AssertionError left = new AssertionError("left behind by the test: " + failures);
      failures.forEach(left::addSuppressed);
      throw left;
    }
  }

  private boolean isDeleted(Made each, List<RuntimeException> failures) {
    try {
      each.where().instances().find(each.name()).ifPresent(found -> delete(each.where(), found));
      return true;
    } catch (RuntimeException e) {
      failures.add(e);
      return false;
    }
  }

  /** Deletes an instance as it was read last, also where it is protected. */
  final void delete(CloudDb where, Instance instance) {
    if (instance.deletionProtection()) {
      where
          .instances()
          .modify(instance.id(), InstanceChange.builder().deletionProtection(false).build())
          .await(kit.limit());
    }
    where.instances().delete(instance.id()).await(kit.limit());
  }

  final CloudContract kit() {
    return kit;
  }

  final CloudDb cloud() {
    return cloud;
  }

  final SecretRef password() {
    return password;
  }

  /** The administrator of all instances. */
  final AdminLogin login() {
    return AdminLogin.of("app_admin", password);
  }

  /** A name that no other instance has, which is deleted after the test. */
  final String newName() {
    return newName(cloud);
  }

  /** The same in another region. */
  final String newName(CloudDb where) {
    String name = freshName();
    made.push(new Made(where, name));
    return name;
  }

  /** A name that nothing else has. */
  static String freshName() {
    return "ct-" + UUID.randomUUID().toString().substring(0, 12).replace("-", "x");
  }

  /** The id that an instance would have which is not there. */
  final ResourceId idOf(String name) {
    NotFoundException e =
        catchThrowableOfType(NotFoundException.class, () -> cloud.instances().get(name));
    return ResourceId.parse(e.details().resource().orElseThrow());
  }

  /** No cloud tells which database the source was made with, so the test says it. */
  static ConnectionDetails toShop(ConnectionDetails details) {
    return details.toBuilder().database("shop").build();
  }

  final InstanceSpec.Builder spec(String name) {
    return kit.spec(name, login());
  }

  final Instance create(InstanceSpec spec) {
    return cloud.instances().create(spec).await(kit.limit());
  }

  /** What a plan says of a field. */
  static Plan.Entry entry(Plan plan, Field field) {
    return plan.entries().stream()
        .filter(entry -> entry.field().equals(field))
        .findFirst()
        .orElseThrow(() -> new AssertionError("Nothing is said of " + field + " in " + plan));
  }

  final String query(ConnectionDetails details, String sql) throws SQLException {
    try (Connection connection = kit.reachable(details).connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }

  final void execute(ConnectionDetails details, String sql) throws SQLException {
    try (Connection connection = kit.reachable(details).connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
