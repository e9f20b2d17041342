/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.SimulatedCloud;
import io.clouddb.testkit.simulator.SimulatedOperation;
import io.clouddb.testkit.simulator.SimulatedRequest;
import io.clouddb.testkit.simulator.SimulatedResponse;
import io.clouddb.testkit.simulator.SimulatorException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The asynchronous operations that were begun. A change is accepted with 202 and two URLs: one
 * tells how far it is, the other gives its result.
 */
final class ArmOperationLog {
  private final SimulatedCloud cloud;
  private final int retryAfter;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  private record Entry(
      Instant started, @Nullable SimulatedOperation operation, @Nullable ArmRefusal failure) {}

  ArmOperationLog(SimulatedCloud cloud, int retryAfter) {
    this.cloud = cloud;
    this.retryAfter = retryAfter;
  }

  /** Accepts a change that takes time. */
  SimulatedResponse accept(
      SimulatedRequest request, ArmRoute route, String location, String name, Work work) {
    return accepted(request, route, location, name, work.begin(), null);
  }

  /** A change that goes on in the engine, or is done already. */
  interface Work {
    @Nullable SimulatedOperation begin();
  }

  /** Accepts a change that is going to fail. */
  SimulatedResponse acceptFailing(
      SimulatedRequest request, ArmRoute route, String location, String name, ArmRefusal failure) {
    return accepted(request, route, location, name, null, failure);
  }

  private SimulatedResponse accepted(
      SimulatedRequest request,
      ArmRoute route,
      String location,
      String name,
      @Nullable SimulatedOperation operation,
      @Nullable ArmRefusal failure) {
    String id = cloud.newId();
    Instant now = cloud.clock().instant();
    synchronized (entries) {
      entries.put(id, new Entry(now, operation, failure));
    }
    String base =
        "http://"
            + request.header("host").orElse("management.azure.com")
            + "/subscriptions/"
            + route.subscription()
            + "/providers/Microsoft.DBforPostgreSQL/locations/"
            // As Azure has it: where it is a display name, with its spaces.
            + location;
    String query = "?api-version=" + request.query("api-version").orElse(ArmVersions.NEWEST);
    ObjectNode body = ArmWords.object();
    body.put("operation", name).put("startTime", time(now));
    return ArmWords.json(202, body)
        .withHeader("Azure-AsyncOperation", base + "/azureAsyncOperation/" + id + query)
        .withHeader("Location", base + "/operationResults/" + id + query)
        .withHeader("Retry-After", String.valueOf(retryAfter));
  }

  SimulatedResponse status(String id) {
    Entry entry = entry(id);
    ObjectNode body = ArmWords.object();
    body.put("name", id);
    // In this order: what ends in between is still running here, not ended without a failure.
    boolean running = entry.operation() != null && entry.operation().isRunning();
    Optional<ArmRefusal> failure = running ? Optional.empty() : failure(entry);
    body.put("status", running ? "InProgress" : failure.isPresent() ? "Failed" : "Succeeded");
    body.put("startTime", time(entry.started()));
    failure.ifPresent(
        reason ->
            body.putObject("error").put("code", reason.code()).put("message", reason.sentence()));
    return ArmWords.json(200, body).withHeader("Retry-After", String.valueOf(retryAfter));
  }

  SimulatedResponse result(String id) {
    Entry entry = entry(id);
    if (entry.operation() != null && entry.operation().isRunning()) {
      return SimulatedResponse.empty(202).withHeader("Retry-After", String.valueOf(retryAfter));
    }
    return failure(entry).map(ArmWords::error).orElseGet(() -> SimulatedResponse.empty(204));
  }

  /** Forgets what was begun, as Azure does after some days. */
  void forget() {
    synchronized (entries) {
      entries.clear();
    }
  }

  private Entry entry(String id) {
    synchronized (entries) {
      Entry entry = entries.get(id);
      if (entry == null) {
        throw new ArmRefusal(404, "ResourceNotFound", "The operation '" + id + "' was not found.");
      }
      return entry;
    }
  }

  private static Optional<ArmRefusal> failure(Entry entry) {
    if (entry.failure() != null) {
      return Optional.of(entry.failure());
    }
    return Optional.ofNullable(entry.operation())
        .flatMap(SimulatedOperation::failure)
        .map(
            reason ->
                reason.reason() == SimulatorException.Reason.INVALID_PARAMETER
                    ? ArmRefusal.invalid("value", reason.sentence())
                    : new ArmRefusal(500, "InternalServerError", reason.sentence()));
  }

  static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.MILLIS).toString();
  }
}
