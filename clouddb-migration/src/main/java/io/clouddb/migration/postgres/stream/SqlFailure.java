/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.stream;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Turns what the driver throws into a {@link CloudDbException}, by SQLSTATE (PostgreSQL's appendix
 * "Error Codes").
 */
public final class SqlFailure {
  /** Deadlock, serialization failure, and what a restart or a failover of a server looks like. */
  private static final Set<String> TRANSIENT =
      Set.of(
          "40001", "40P01", "57P01", "57P02", "57P03", "57P05", "55006", "53300", "25P03", "55P03");

  /** The server's CONTEXT repeats the value after the column; only the place is kept. */
  private static final Pattern COPY_PLACE =
      Pattern.compile("COPY [^,]+, line \\d+(?:, column [^:]+)?");

  private SqlFailure() {}

  /**
   * Whether the same work can succeed when it is done again from the last durable position.
   *
   * @param failure what was thrown
   * @return true for lost connections, deadlocks, serialization failures, busy slots and full
   *     connection tables
   */
  public static boolean isTransient(SQLException failure) {
    SQLException root = rootOf(failure);
    String state = root.getSQLState();
    return state != null && (state.startsWith("08") || TRANSIENT.contains(state));
  }

  /**
   * Translates a failure.
   *
   * @param doing what was tried, for the message, e.g. {@code "copying public.orders"}
   * @param failure what was thrown
   * @return an exception to throw
   */
  public static CloudDbException of(String doing, SQLException failure) {
    SQLException root = rootOf(failure);
    String state = root.getSQLState();
    StringBuilder message =
        new StringBuilder("Failed ").append(doing).append(": ").append(messageOf(root));
    placeOf(root, message);
    return ErrorDetails.of(categoryOf(state), message.toString())
        .providerCode(state)
        .retryable(isTransient(root))
        .toException(root);
  }

  /**
   * The exception that names the cause: a batch wraps it.
   *
   * @param failure what was thrown
   * @return the server's own exception where there is one
   */
  public static SQLException rootOf(SQLException failure) {
    if (failure instanceof BatchUpdateException && failure.getNextException() != null) {
      return failure.getNextException();
    }
    return failure;
  }

  private static String messageOf(SQLException failure) {
    if (failure instanceof PSQLException server && server.getServerErrorMessage() != null) {
      String text = server.getServerErrorMessage().getMessage();
      return text == null ? "" : text;
    }
    return String.valueOf(failure.getMessage());
  }

  private static void placeOf(SQLException failure, StringBuilder message) {
    if (!(failure instanceof PSQLException server) || server.getServerErrorMessage() == null) {
      return;
    }
    ServerErrorMessage details = server.getServerErrorMessage();
    if (details.getTable() != null) {
      message.append(" (table ").append(details.getSchema()).append('.').append(details.getTable());
      if (details.getColumn() != null) {
        message.append(", column ").append(details.getColumn());
      }
      if (details.getConstraint() != null) {
        message.append(", constraint ").append(details.getConstraint());
      }
      message.append(')');
    }
    String where = details.getWhere();
    if (where != null) {
      Matcher place = COPY_PLACE.matcher(where);
      if (place.find()) {
        message.append(" at ").append(place.group());
      }
    }
  }

  private static ErrorCategory categoryOf(@Nullable String state) {
    if (state == null || state.length() != 5) {
      return ErrorCategory.OTHER;
    }
    if (state.startsWith("28")) {
      return ErrorCategory.AUTHENTICATION;
    }
    if (state.startsWith("08") || state.startsWith("57P")) {
      return ErrorCategory.UNAVAILABLE;
    }
    if (state.startsWith("22") || state.startsWith("23")) {
      return ErrorCategory.DATA;
    }
    return switch (state) {
      case "42501" -> ErrorCategory.PERMISSION;
      case "40001", "40P01", "55006", "55P03" -> ErrorCategory.BUSY;
      case "53300", "53400" -> ErrorCategory.QUOTA;
      case "42704", "42P01", "3D000" -> ErrorCategory.NOT_FOUND;
      case "42710", "42P07" -> ErrorCategory.ALREADY_EXISTS;
      case "57014" -> ErrorCategory.DEADLINE;
      default -> ErrorCategory.OTHER;
    };
  }
}
