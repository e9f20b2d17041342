/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.SQLAdmin;
import com.google.api.services.sqladmin.model.Database;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.InstancesListResponse;
import com.google.api.services.sqladmin.model.Operation;
import com.google.api.services.sqladmin.model.Tier;
import com.google.api.services.sqladmin.model.User;
import io.clouddb.error.NotFoundException;
import io.clouddb.spi.RemoteCalls;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The requests to the Cloud SQL Admin API that this provider makes, each a single one. */
final class SqlAdminCalls {
  private final Supplier<SQLAdmin> client;
  private final RemoteCalls reads;
  private final RemoteCalls changes;
  private final String project;

  SqlAdminCalls(Supplier<SQLAdmin> client, RemoteCalls calls, String project) {
    this.client = client;
    this.reads = calls.translating(SqlAdminErrors.ofReads());
    this.changes = calls.translating(SqlAdminErrors.ofChanges());
    this.project = project;
  }

  Operation insert(DatabaseInstance body) {
    return changes.once(
        "sqladmin.instances.insert",
        body.getName(),
        () -> SqlAdminAnswers.operation(client.get().instances().insert(project, body)));
  }

  Optional<DatabaseInstance> find(String instance) {
    try {
      return Optional.of(get(instance));
    } catch (NotFoundException e) {
      return Optional.empty();
    }
  }

  DatabaseInstance get(String instance) {
    return reads.repeatable(
        "sqladmin.instances.get",
        instance,
        () -> SqlAdminAnswers.instance(client.get().instances().get(project, instance)));
  }

  InstancesListResponse list(String filter, @Nullable String pageToken) {
    return reads.repeatable(
        "sqladmin.instances.list",
        project,
        () ->
            SqlAdminAnswers.of(
                client.get().instances().list(project).setFilter(filter).setPageToken(pageToken)));
  }

  /** The tiers of all engines and regions; the list has no pages. */
  List<Tier> tiers() {
    return reads.repeatable(
        "sqladmin.tiers.list",
        project,
        () -> {
          List<Tier> items = SqlAdminAnswers.of(client.get().tiers().list(project)).getItems();
          if (items == null) {
            throw new UnreadableAnswerException("a list of tiers without any", null);
          }
          return items;
        });
  }

  Operation patch(String instance, DatabaseInstance body) {
    return changes.once(
        "sqladmin.instances.patch",
        instance,
        () -> SqlAdminAnswers.operation(client.get().instances().patch(project, instance, body)));
  }

  Operation delete(String instance) {
    return changes.once(
        "sqladmin.instances.delete",
        instance,
        () -> SqlAdminAnswers.operation(client.get().instances().delete(project, instance)));
  }

  /**
   * Makes a replica one that takes writes.
   *
   * @param instance its name
   * @param failover whether its primary is to become its replica when it is there again
   * @return the operation
   */
  Operation promote(String instance, boolean failover) {
    return changes.once(
        "sqladmin.instances.promoteReplica",
        instance,
        () ->
            SqlAdminAnswers.operation(
                client
                    .get()
                    .instances()
                    .promoteReplica(project, instance)
                    // Left out where it is not meant, as by everybody who knows nothing of it.
                    .setFailover(failover ? true : null)));
  }

  /** Has a replica and its primary change places. */
  Operation switchOver(String instance) {
    return changes.once(
        "sqladmin.instances.switchover",
        instance,
        () -> SqlAdminAnswers.operation(client.get().instances().switchover(project, instance)));
  }

  Operation operation(String name) {
    return reads.repeatable(
        "sqladmin.operations.get",
        name,
        () -> SqlAdminAnswers.operation(client.get().operations().get(project, name)));
  }

  /** The operations on instances of a name: a page of them, the newest first. */
  List<Operation> operations(String instance) {
    List<Operation> items =
        reads
            .repeatable(
                "sqladmin.operations.list",
                instance,
                () ->
                    SqlAdminAnswers.of(
                        client.get().operations().list(project).setInstance(instance)))
            .getItems();
    return items == null ? List.of() : items;
  }

  /** The newest operation of one type on an instance. */
  Optional<Operation> newest(String instance, String type) {
    return operations(instance).stream()
        .filter(item -> type.equals(item.getOperationType()))
        .findFirst();
  }

  boolean hasUser(String instance, String name) {
    List<User> items =
        reads
            .repeatable(
                "sqladmin.users.list",
                instance,
                () -> SqlAdminAnswers.of(client.get().users().list(project, instance)))
            .getItems();
    return items != null && items.stream().anyMatch(user -> name.equals(user.getName()));
  }

  Operation insertUser(String instance, String name, String password) {
    return changes.once(
        "sqladmin.users.insert",
        instance,
        () ->
            SqlAdminAnswers.operation(
                client
                    .get()
                    .users()
                    .insert(project, instance, new User().setName(name).setPassword(password))));
  }

  /** Sets a password; setting the same one twice is harmless. */
  Operation updateUser(String instance, String name, String password) {
    return changes.repeatable(
        "sqladmin.users.update",
        instance,
        () ->
            SqlAdminAnswers.operation(
                client
                    .get()
                    .users()
                    .update(project, instance, new User().setName(name).setPassword(password))
                    .setName(name)));
  }

  boolean hasDatabase(String instance, String name) {
    List<Database> items =
        reads
            .repeatable(
                "sqladmin.databases.list",
                instance,
                () -> SqlAdminAnswers.of(client.get().databases().list(project, instance)))
            .getItems();
    return items != null && items.stream().anyMatch(item -> name.equals(item.getName()));
  }

  Operation insertDatabase(String instance, String name) {
    return changes.once(
        "sqladmin.databases.insert",
        instance,
        () ->
            SqlAdminAnswers.operation(
                client
                    .get()
                    .databases()
                    .insert(
                        project,
                        instance,
                        new Database().setName(name).setInstance(instance).setProject(project))));
  }
}
