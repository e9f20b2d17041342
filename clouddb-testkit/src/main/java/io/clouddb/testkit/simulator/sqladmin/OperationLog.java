/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.sqladmin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.SimulatedOperation;
import io.clouddb.testkit.simulator.SimulatorException;
import io.clouddb.testkit.simulator.sqladmin.SqlAdminFaults.OperationFailure;
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
  private final SqlAdminFaults faults;

  OperationLog(SqlAdminFaults faults) {
    this.faults = faults;
  }

  /** An operation that the engine works on; answered as not begun yet. */
  ObjectNode add(Route route, String type, String target, SimulatedOperation work) {
    Entry entry = entry(work.id(), type, target, work.requested(), work, null);
    put(route, entry);
    return document(route, entry, "PENDING");
  }

  /** An operation that is over at once. */
  ObjectNode addDone(
      Route route,
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
        new AtomicInteger(faults.takeHiddenLooks()),
        faults.takeForgotten(type));
  }

  private synchronized void put(Route route, Entry entry) {
    byProject
        .computeIfAbsent(route.project(), key -> new LinkedHashMap<>())
        .put(entry.name(), entry);
  }

  synchronized ObjectNode get(Route route) {
    Entry entry = byProject.getOrDefault(route.project(), Map.of()).get(route.name());
    boolean hidden = entry != null && entry.hiddenLooks().getAndUpdate(n -> Math.max(0, n - 1)) > 0;
    if (entry == null || hidden || (entry.forgotten() && !entry.isRunning())) {
      throw new RefusedException(
          404, "operationDoesNotExist", "The Cloud SQL instance operation does not exist.");
    }
    return document(route, entry, entry.isRunning() ? "RUNNING" : "DONE");
  }

  /** Newest first. */
  synchronized ObjectNode list(Route route, Optional<String> instance) {
    List<Entry> newest = new ArrayList<>();
    for (Entry entry : byProject.getOrDefault(route.project(), Map.of()).values()) {
      boolean shown = entry.hiddenLooks().get() == 0;
      if (shown && (instance.isEmpty() || instance.get().equals(entry.target()))) {
        newest.add(0, entry);
      }
    }
    ObjectNode list = Documents.object().put("kind", "sql#operationsList");
    if (!newest.isEmpty()) {
      ArrayNode items = list.putArray("items");
      newest.forEach(
          entry -> items.add(document(route, entry, entry.isRunning() ? "RUNNING" : "DONE")));
    }
    return list;
  }

  private static ObjectNode document(Route route, Entry entry, String status) {
    ObjectNode document = Documents.object();
    document
        .put("kind", "sql#operation")
        .put("name", entry.name())
        .put("operationType", entry.type())
        .put("status", status)
        .put("insertTime", entry.requested().toString())
        .put("selfLink", route.link("operations", entry.name()))
        .put("targetId", entry.target())
        .put("targetLink", route.link("instances", entry.target()))
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
                if (failure.code() != null) {
                  error.put("code", failure.code());
                }
                if (failure.message() != null) {
                  error.put("message", failure.message());
                }
              });
    }
    return document;
  }
}
