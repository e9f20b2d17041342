/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.google.sql;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.engine.OperationFailure;
import io.clouddb.testkit.simulator.engine.SimulatedOperation;
import io.clouddb.testkit.simulator.engine.SimulatorException;
import io.clouddb.testkit.simulator.google.GoogleCall;
import io.clouddb.testkit.simulator.google.GoogleJson;
import io.clouddb.testkit.simulator.google.GoogleRefusal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The operations of the service: those that the engine works on, and those that are over at once.
 */
final class OperationLog {
  private record Entry(
      String name,
      String type,
      String target,
      Instant requested,
      @Nullable SimulatedOperation work,
      @Nullable OperationFailure failure,
      AtomicInteger hiddenLooks,
      boolean forgotten) {
    boolean isRunning() {
      return work != null && work.isRunning();
    }

    Instant ended() {
      return work == null ? requested : work.ended().orElse(requested);
    }

    Optional<OperationFailure> error() {
      if (failure != null) {
        return Optional.of(failure);
      }
      return Optional.ofNullable(work)
          .flatMap(SimulatedOperation::failure)
          .map(reason -> new OperationFailure(code(reason), reason.sentence()));
    }

    private static String code(SimulatorException reason) {
      return reason.reason() == SimulatorException.Reason.START_FAILED
          ? "INTERNAL_ERROR"
          : "ERROR_RDBMS";
    }
  }

  private final Map<String, Map<String, Entry>> byProject = new LinkedHashMap<>();
  private final OperationVisibility visibility;

  OperationLog(OperationVisibility visibility) {
    this.visibility = visibility;
  }

  /** An operation that the engine works on; answered as not begun yet. */
  ObjectNode add(GoogleCall route, String type, String target, SimulatedOperation work) {
    Entry entry = entry(work.id(), type, target, work.requested(), work, null);
    put(route, entry);
    return document(route, entry, "PENDING");
  }

  /** An operation that is over at once. */
  ObjectNode addDone(
      GoogleCall route,
      String name,
      String type,
      String target,
      Instant now,
      @Nullable OperationFailure failure) {
    Entry entry = entry(name, type, target, now, null, failure);
    put(route, entry);
    return document(route, entry, "DONE");
  }

  private Entry entry(
      String name,
      String type,
      String target,
      Instant requested,
      @Nullable SimulatedOperation work,
      @Nullable OperationFailure failure) {
    return new Entry(
        name,
        type,
        target,
        requested,
        work,
        failure,
        new AtomicInteger(visibility.takeHiddenLooks()),
        visibility.takeForgotten(type));
  }

  private synchronized void put(GoogleCall route, Entry entry) {
    byProject
        .computeIfAbsent(route.project(), key -> new LinkedHashMap<>())
        .put(entry.name(), entry);
  }

  synchronized ObjectNode get(GoogleCall route) {
    Entry entry = byProject.getOrDefault(route.project(), Map.of()).get(route.part("operation"));
    boolean hidden = entry != null && entry.hiddenLooks().getAndUpdate(n -> Math.max(0, n - 1)) > 0;
    if (entry == null || hidden || (entry.forgotten() && !entry.isRunning())) {
      throw new GoogleRefusal(
          404, "operationDoesNotExist", "The Cloud SQL instance operation does not exist.");
    }
    return document(route, entry, entry.isRunning() ? "RUNNING" : "DONE");
  }

  /** Whether one goes on that is said to be of an instance, whatever the instance itself does. */
  synchronized boolean isBusy(String project, String target) {
    return byProject.getOrDefault(project, Map.of()).values().stream()
        .anyMatch(entry -> entry.isRunning() && entry.target().equals(target));
  }

  /** Newest first. */
  synchronized ObjectNode list(GoogleCall route, Optional<String> instance) {
    List<Entry> newest = new ArrayList<>();
    for (Entry entry : byProject.getOrDefault(route.project(), Map.of()).values()) {
      boolean shown = entry.hiddenLooks().get() == 0;
      if (shown && (instance.isEmpty() || instance.get().equals(entry.target()))) {
        newest.add(0, entry);
      }
    }
    ObjectNode list = GoogleJson.object().put("kind", "sql#operationsList");
    if (!newest.isEmpty()) {
      ArrayNode items = list.putArray("items");
      newest.forEach(
          entry -> items.add(document(route, entry, entry.isRunning() ? "RUNNING" : "DONE")));
    }
    return list;
  }

  private static ObjectNode document(GoogleCall route, Entry entry, String status) {
    ObjectNode document = GoogleJson.object();
    document
        .put("kind", "sql#operation")
        .put("name", entry.name())
        .put("operationType", entry.type())
        .put("status", status)
        .put("insertTime", entry.requested().toString())
        .put("selfLink", SqlAdminService.link(route, "operations", entry.name()))
        .put("targetId", entry.target())
        .put("targetLink", SqlAdminService.link(route, "instances", entry.target()))
        .put("targetProject", route.project())
        .put("user", "simulated@example.com");
    if (!status.equals("PENDING")) {
      document.put("startTime", entry.requested().toString());
    }
    if (status.equals("DONE")) {
      document.put("endTime", entry.ended().toString());
      entry
          .error()
          .ifPresent(
              failure -> {
                ObjectNode errors = document.putObject("error").put("kind", "sql#operationErrors");
                ObjectNode error =
                    errors.putArray("errors").addObject().put("kind", "sql#operationError");
                if (failure.code().isPresent()) {
                  error.put("code", failure.code().get());
                }
                if (failure.message().isPresent()) {
                  error.put("message", failure.message().get());
                }
              });
    }
    return document;
  }
}
