/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.CloudEngine;
import io.clouddb.testkit.simulator.engine.SimulatedOperation;
import io.clouddb.testkit.simulator.engine.SimulatorException;
import io.clouddb.testkit.simulator.engine.Verb;
import io.clouddb.testkit.simulator.http.SimulatedResponse;
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
public final class ArmOperations {
  private final CloudEngine engine;
  private final String namespace;
  private final int retryAfter;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  private record Entry(
      Instant started, @Nullable SimulatedOperation operation, @Nullable ArmRefusal failure) {}

  /**
   * Makes the log of one resource provider.
   *
   * @param engine its time and ids
   * @param namespace for example {@code Microsoft.DBforPostgreSQL}
   * @param retryAfter after how many seconds clients are told to ask again
   */
  public ArmOperations(CloudEngine engine, String namespace, int retryAfter) {
    this.engine = engine;
    this.namespace = namespace;
    this.retryAfter = retryAfter;
  }

  /**
   * Adds the routes by which the operations are followed.
   *
   * @param routes the table
   * @param service whose operations they are
   */
  public void register(ArmRoutes routes, ArmService service) {
    String base = "subscriptions/{subscription}/providers/" + namespace + "/locations/{location}";
    routes
        .under(service, base)
        .add(
            "AzureAsyncOperation_Get",
            Verb.READ,
            Call.OPERATION,
            "GET",
            "azureAsyncOperation/{operation}",
            call -> status(call.part("operation")))
        .add(
            "OperationResults_Get",
            Verb.READ,
            Call.OPERATION,
            "GET",
            "operationResults/{operation}",
            call -> result(call.part("operation")));
  }

  /**
   * Accepts a change that takes time.
   *
   * @param call what is asked for
   * @param location the region as it stands in the operation's URL
   * @param name Azure's name of the operation
   * @param work begins it
   * @return the answer
   */
  public SimulatedResponse accept(ArmCall call, String location, String name, Work work) {
    return accepted(call, location, name, work.begin(), null);
  }

  /** A change that goes on in the engine, or is done already. */
  @FunctionalInterface
  public interface Work {
    /**
     * Begins it.
     *
     * @return the operation; null when it is done already
     */
    @Nullable SimulatedOperation begin();
  }

  /**
   * Accepts a change that is going to fail.
   *
   * @param call what is asked for
   * @param location the region as it stands in the operation's URL
   * @param name Azure's name of the operation
   * @param failure how
   * @return the answer
   */
  public SimulatedResponse acceptFailing(
      ArmCall call, String location, String name, ArmRefusal failure) {
    return accepted(call, location, name, null, failure);
  }

  private SimulatedResponse accepted(
      ArmCall call,
      String location,
      String name,
      @Nullable SimulatedOperation operation,
      @Nullable ArmRefusal failure) {
    String id = engine.newId();
    Instant now = engine.clock().instant();
    synchronized (entries) {
      entries.put(id, new Entry(now, operation, failure));
    }
    String base =
        "http://"
            + call.request().header("host").orElse("management.azure.com")
            + "/subscriptions/"
            + call.subscription()
            + "/providers/"
            + namespace
            + "/locations/"
            // As recorded in all newer versions, where it is a display name.
            + location.replace(" ", "%20");
    String query = "?api-version=" + call.apiVersion();
    ObjectNode body = ArmJson.object();
    body.put("operation", name).put("startTime", time(now));
    return ArmJson.json(202, body)
        .withHeader("Azure-AsyncOperation", base + "/azureAsyncOperation/" + id + query)
        .withHeader("Location", base + "/operationResults/" + id + query)
        .withHeader("Retry-After", String.valueOf(retryAfter));
  }

  private SimulatedResponse status(String id) {
    Entry entry = entry(id);
    ObjectNode body = ArmJson.object();
    body.put("name", id);
    // In this order: what ends in between is still running here, not ended without a failure.
    boolean running = entry.operation() != null && entry.operation().isRunning();
    Optional<ArmRefusal> failure = running ? Optional.empty() : failure(entry);
    body.put("status", running ? "InProgress" : failure.isPresent() ? "Failed" : "Succeeded");
    body.put("startTime", time(entry.started()));
    failure.ifPresent(
        reason ->
            body.putObject("error").put("code", reason.code()).put("message", reason.sentence()));
    return ArmJson.json(200, body).withHeader("Retry-After", String.valueOf(retryAfter));
  }

  private SimulatedResponse result(String id) {
    Entry entry = entry(id);
    if (entry.operation() != null && entry.operation().isRunning()) {
      return SimulatedResponse.empty(202).withHeader("Retry-After", String.valueOf(retryAfter));
    }
    return failure(entry).map(ArmJson::error).orElseGet(() -> SimulatedResponse.empty(204));
  }

  /** Forgets what was begun, as Azure does after some days. */
  public void forget() {
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

  /**
   * A time as Azure writes it.
   *
   * @param instant the time
   * @return in milliseconds
   */
  public static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.MILLIS).toString();
  }
}
