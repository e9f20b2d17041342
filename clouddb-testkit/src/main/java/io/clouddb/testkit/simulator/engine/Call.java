/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.engine;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks for: in its cloud's own words, and in those that all clouds share, by which
 * {@link Faults} aim at it. Immutable.
 *
 * @param operation the cloud's own name, for example {@code CreateDBInstance}, {@code
 *     Servers_Create} or {@code instances.insert}
 * @param verb what it does
 * @param kind with what kind of resource; those of several clouds have one name, for example {@code
 *     instance}, {@code database}, {@code operation}
 * @param resource the resource's name as the request has it; empty for a list
 * @param failureOrNull how the operation that it begins is to fail; null for not at all
 */
public record Call(
    String operation,
    Verb verb,
    String kind,
    String resource,
    @Nullable OperationFailure failureOrNull) {
  /** The kind of managed database servers. */
  public static final String INSTANCE = "instance";

  /** The kind of databases in a server. */
  public static final String DATABASE = "database";

  /** The kind of users of a server. */
  public static final String USER = "user";

  /** The kind of parameters of a server, alone or in groups. */
  public static final String PARAMETERS = "parameters";

  /** The kind of who may connect to a server. */
  public static final String NETWORK = "network";

  /** The kind of backups of servers, by hand or not. */
  public static final String BACKUP = "backup";

  /** The kind of operations that go on. */
  public static final String OPERATION = "operation";

  /** Refuses null. */
  public Call {
    Objects.requireNonNull(operation, "operation");
    Objects.requireNonNull(verb, "verb");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(resource, "resource");
  }

  /**
   * Makes a call.
   *
   * @param operation the cloud's own name of it
   * @param verb what it does
   * @param kind with what kind of resource
   * @param resource the resource's name; empty for a list
   * @return the call
   */
  public static Call of(String operation, Verb verb, String kind, String resource) {
    return new Call(operation, verb, kind, resource, null);
  }

  /**
   * The same, beginning an operation that is accepted and fails.
   *
   * @param failure how
   * @return a new call
   */
  public Call failing(OperationFailure failure) {
    return new Call(operation, verb, kind, resource, Objects.requireNonNull(failure, "failure"));
  }

  /**
   * How the operation that it begins is to fail.
   *
   * @return empty for not at all
   */
  public Optional<OperationFailure> failure() {
    return Optional.ofNullable(failureOrNull);
  }
}
