/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.google.sql;

import static io.clouddb.testkit.simulator.google.sql.InstanceRules.require;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import io.clouddb.testkit.simulator.engine.Verb;
import io.clouddb.testkit.simulator.google.GoogleCall;
import io.clouddb.testkit.simulator.google.GoogleJson;
import io.clouddb.testkit.simulator.google.GoogleRefusal;
import io.clouddb.testkit.simulator.google.GoogleRoutes;
import io.clouddb.testkit.simulator.server.BackupRequest;
import io.clouddb.testkit.simulator.server.ManagedServers;
import io.clouddb.testkit.simulator.server.SimulatedBackup;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The methods on backups: of the runs of an instance, and of what a project has of all of them,
 * deleted ones too. A backup by itself is deleted as any other one.
 */
final class BackupMethods {
  private static final Set<String> KNOWN = Set.of("description", "location", "kind", "instance");

  private final SqlAdminService service;
  private final ManagedServers managed;
  private final OperationLog operations;
  private final StoredBackups backups;
  private final BackupDocuments documents;
  private final int usualPage;

  BackupMethods(
      SqlAdminService service,
      ManagedServers managed,
      OperationLog operations,
      StoredBackups backups,
      int usualPage) {
    this.service = service;
    this.managed = managed;
    this.operations = operations;
    this.backups = backups;
    this.documents = new BackupDocuments(backups);
    this.usualPage = usualPage;
  }

  void register(GoogleRoutes.Under table, String one) {
    String runs = one + "/backupRuns";
    table
        .add("backupRuns.insert", Verb.CREATE, Call.BACKUP, "POST", runs, this::insert)
        .add("backupRuns.list", Verb.LIST, Call.BACKUP, "GET", runs, this::listRuns)
        .add(
            "backupRuns.get",
            Verb.READ,
            Call.BACKUP,
            "GET",
            runs + "/{id}",
            route -> documents.run(route, run(route)))
        .add(
            "backupRuns.delete",
            Verb.DELETE,
            Call.BACKUP,
            "DELETE",
            runs + "/{id}",
            route -> delete(route, run(route)))
        .add("backups.listBackups", Verb.LIST, Call.BACKUP, "GET", "backups", this::list)
        .add(
            "backups.getBackup",
            Verb.READ,
            Call.BACKUP,
            "GET",
            "backups/{backup}",
            route -> documents.backup(route, backup(route)))
        .add(
            "backups.deleteBackup",
            Verb.DELETE,
            Call.BACKUP,
            "DELETE",
            "backups/{backup}",
            route -> delete(route, backup(route)));
  }

  private SimulatedBackup run(GoogleCall route) {
    return backups.find(service.get(route), route.part("id")).orElseThrow(BackupMethods::noBackup);
  }

  private SimulatedBackup backup(GoogleCall route) {
    return backups.find(route.project(), route.part("backup")).orElseThrow(BackupMethods::noBackup);
  }

  private static GoogleRefusal noBackup() {
    return new GoogleRefusal(404, "notFound", "The Cloud SQL backup does not exist.");
  }

  private ObjectNode insert(GoogleCall route) {
    ObjectNode body = GoogleJson.read(route.request());
    for (Map.Entry<String, JsonNode> field : body.properties()) {
      if (!KNOWN.contains(field.getKey())) {
        throw new NotSimulatedException("the field " + field.getKey() + " of a backup run");
      }
      require(field.getValue().isTextual(), "the value of " + field.getKey());
    }
    SimulatedInstance instance = service.get(route);
    if (instance.source().isPresent()) {
      // "Backups aren't available for replica instances", of the page on backups.
      throw SqlRefusals.invalidOperation();
    }
    InsideInstances.requireRunning(instance.state());
    service.requireIdle(instance);
    BackupRequest request =
        BackupRequest.of(backups.newKey(instance), instance.key())
            .attribute(StoredBackups.REQUESTED, body)
            .build();
    return operations.add(
        route,
        "BACKUP_VOLUME",
        route.part("instance"),
        managed.backups(route.call()).take(request));
  }

  private ObjectNode delete(GoogleCall route, SimulatedBackup backup) {
    String instance = backup.instance().name();
    if (operations.isBusy(route.project(), instance)
        || backup.state() == SimulatedBackup.State.CREATING) {
      throw SqlRefusals.busy();
    }
    return operations.add(
        route, "DELETE_BACKUP", instance, managed.backups(route.call()).delete(backup));
  }

  private ObjectNode listRuns(GoogleCall route) {
    List<SimulatedBackup> all =
        route.part("instance").equals("-")
            ? backups.all(route.project()).stream()
                .filter(backup -> backups.deleted(backup).isEmpty())
                .toList()
            : backups.of(service.get(route));
    ObjectNode list = GoogleJson.object().put("kind", "sql#backupRunsList");
    return page(route, all, "maxResults", list, "items", backup -> documents.run(route, backup));
  }

  private ObjectNode list(GoogleCall route) {
    List<SimulatedBackup> all = backups.all(route.project());
    for (String term : route.request().query("filter").orElse("").split(" ", -1)) {
      if (!term.isEmpty() && !term.equals("AND")) {
        all = all.stream().filter(matching(route, term)).toList();
      }
    }
    return page(
        route,
        all,
        "pageSize",
        GoogleJson.object(),
        "backups",
        backup -> documents.backup(route, backup));
  }

  /** "You can filter by type, instance, backupInterval.startTime, or location." */
  private Predicate<SimulatedBackup> matching(GoogleCall route, String term) {
    int colon = term.indexOf(':');
    String field = colon < 0 ? "" : term.substring(0, colon);
    if (!Set.of("type", "instance", "location").contains(field)) {
      throw new NotSimulatedException("the filter " + term + " of backups");
    }
    String value = term.substring(colon + 1);
    return backup -> documents.backup(route, backup).path(field).asText().equals(value);
  }

  private ObjectNode page(
      GoogleCall route,
      List<SimulatedBackup> all,
      String sizes,
      ObjectNode list,
      String items,
      Function<SimulatedBackup, ObjectNode> document) {
    int size = route.request().query(sizes).map(BackupMethods::number).orElse(usualPage);
    int from = route.request().query("pageToken").map(BackupMethods::number).orElse(0);
    require(size > 0, sizes);
    int to = Math.min(all.size(), from + size);
    // The service leaves an empty list out.
    if (to > from) {
      ArrayNode array = list.putArray(items);
      all.subList(from, to).forEach(backup -> array.add(document.apply(backup)));
    }
    if (to < all.size()) {
      list.put("nextPageToken", String.valueOf(to));
    }
    return list;
  }

  private static int number(String text) {
    require(text.matches("[0-9]{1,6}"), "page");
    return Integer.parseInt(text);
  }
}
