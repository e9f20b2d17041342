/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.Operation;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.NotFoundException;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The operation of Google's that a step's request has begun. Google may show it late, and may
 * forget it when what it was about is gone; whoever looks in vain looks at the effect instead.
 */
final class OwnOperation {
  /** Google shows a new operation after some seconds at most; nothing is waited for for ever. */
  static final Duration UNSEEN_LIMIT = Duration.ofMinutes(2);

  /** How long a request whose answer was lost may take to show where one more does no harm. */
  static final Duration HARMLESS = Duration.ofSeconds(30);

  private final SqlAdminCalls calls;

  OwnOperation(SqlAdminCalls calls) {
    this.calls = calls;
  }

  /** What a step's request was answered. */
  static Begun begun(Operation operation) {
    return Begun.accepted(operation.getName(), progress(operation));
  }

  /** Looks by the name that the request was answered; empty when nothing is to be seen by it. */
  Optional<Look> look(StepContext context) {
    String name = context.handle().orElse(null);
    if (name == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(look(calls.operation(name), context));
    } catch (NotFoundException e) {
      return Optional.empty();
    }
  }

  /** How far an operation is. */
  static Look look(Operation operation, StepContext context) {
    if (!isOver(operation)) {
      return Look.going(progress(operation));
    }
    Optional<CloudDbException> failure = OperationFailures.of(operation, context.state());
    return failure.<Look>map(Look::failed).orElseGet(Look::happened);
  }

  /** The newest operation of a type, whoever began it. */
  Optional<Operation> newest(StepContext context, String type) {
    return calls.newest(context.name(), type);
  }

  /** Whether the request was accepted so lately that its operation may still come into sight. */
  Optional<Look> mayShow(StepContext context) {
    boolean lately =
        context.state().asked().filter(asked -> context.isWithin(UNSEEN_LIMIT, asked)).isPresent();
    return context.handle().filter(name -> lately).map(name -> Look.going(unseen(name)));
  }

  /** Nothing is to be seen of the request. */
  static Look missing(StepContext context) {
    return missing(context, Map.of());
  }

  /** Nothing is to be seen of the request, which needs notes when it is sent. */
  static Look missing(StepContext context, Map<String, String> notes) {
    return Look.missing(context.handle().map(OwnOperation::unseen).orElse(""), notes);
  }

  private static String unseen(String operation) {
    return "the operation " + operation + " is accepted, and not visible";
  }

  /** An operation of a type that goes on, whoever began it. */
  Optional<Look> running(StepContext context, String type) {
    return running(newest(context, type));
  }

  /** An operation, as long as it goes on. */
  static Optional<Look> running(Optional<Operation> operation) {
    return operation.filter(it -> !isOver(it)).map(it -> Look.going(progress(it)));
  }

  private static boolean isOver(Operation operation) {
    return "DONE".equals(operation.getStatus());
  }

  private static String progress(Operation operation) {
    return operation.getOperationType() + " is " + operation.getStatus();
  }
}
