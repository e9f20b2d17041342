/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.security;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.internal.PlainText;
import io.clouddb.internal.text.Quoted;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Says where a secret is, without holding it. A spec holds references only, so it can be logged,
 * compared and stored. The secret itself is read at the moment it is needed, every time, so a
 * rotated one is picked up.
 *
 * <p>The text form, which is also the JSON form, is {@code env:NAME}, {@code file:/path} or {@code
 * store:id}. A {@linkplain #literal(String) literal} has none: writing it throws.
 */
public final class SecretRef {
  /** Where a secret is kept. */
  public enum Kind {
    /** An environment variable of this process. */
    ENVIRONMENT("env"),
    /** A file, whose text without a trailing line break is the secret. */
    FILE("file"),
    /** The cloud's own store of secrets, for example AWS Secrets Manager. */
    STORE("store"),
    /** In this object's memory only. */
    LITERAL("literal");

    private final String prefix;

    Kind(String prefix) {
      this.prefix = prefix;
    }
  }

  /** No path and no id of a cloud's is longer. */
  private static final int LONGEST_NAME = 4096;

  private final Kind kind;
  private final String value;

  private SecretRef(Kind kind, String value) {
    this.kind = kind;
    this.value = Objects.requireNonNull(value, "value");
    if (kind != Kind.LITERAL
        && (value.isEmpty() || value.length() > LONGEST_NAME || !PlainText.is(value))) {
      // Not repeated: it may be the secret itself.
      throw invalid(
              "A reference to a secret needs a name after "
                  + kind
                  + ": of at most "
                  + LONGEST_NAME
                  + " characters, no half one or zero one among them")
          .toException();
    }
  }

  /**
   * A secret in an environment variable.
   *
   * @param name the variable's name
   * @return the reference
   */
  public static SecretRef environment(String name) {
    return new SecretRef(Kind.ENVIRONMENT, name);
  }

  /**
   * A secret in a file; one trailing line break is not part of it. The file is read anew each time
   * that the secret is needed, so it is a regular file or a link to one, and no pipe, which can be
   * read once; its text is UTF-8 and has at most 64 KiB.
   *
   * @param path the file
   * @return the reference
   */
  public static SecretRef file(Path path) {
    return new SecretRef(Kind.FILE, path.toString());
  }

  /**
   * A secret in the cloud's own store; read through the provider that made the reference.
   *
   * @param id the secret's id there, for example an ARN
   * @return the reference
   */
  public static SecretRef store(String id) {
    return new SecretRef(Kind.STORE, id);
  }

  /**
   * A secret in memory, for tests and short-lived tools. It cannot be written to JSON.
   *
   * @param secret the secret
   * @return the reference
   */
  public static SecretRef literal(String secret) {
    return new SecretRef(Kind.LITERAL, secret);
  }

  /**
   * Reads the text form.
   *
   * @param text {@code env:NAME}, {@code file:/path} or {@code store:id}
   * @return the reference
   * @throws io.clouddb.error.InvalidArgumentException when it is none of these
   */
  public static SecretRef parse(String text) {
    int colon = text.indexOf(':');
    String prefix = colon < 0 ? "" : text.substring(0, colon);
    String rest = text.substring(colon + 1);
    return switch (prefix) {
      case "env" -> environment(rest);
      case "file" -> {
        try {
          yield file(Path.of(rest));
        } catch (InvalidPathException e) {
          // Neither repeated nor named as the cause, which repeats it: it may be anything.
          throw invalid(
                  "A reference to a secret in a file names no path that this system could have")
              .toException();
        }
      }
      case "store" -> store(rest);
      default ->
          // The text is not repeated: it may be the secret itself.
          throw invalid(
                  "A reference to a secret has the form env:NAME, file:/path or store:id;"
                      + " a secret itself is refused here")
              .nextStep("Put the secret into an environment variable or a file and name that.")
              .toException();
    };
  }

  /**
   * Where the secret is kept.
   *
   * @return the kind
   */
  public Kind kind() {
    return kind;
  }

  /**
   * The name of the variable, the path of the file or the id in the store.
   *
   * @return the name
   * @throws IllegalStateException for a literal, which has no name
   */
  public String name() {
    if (kind == Kind.LITERAL) {
      throw new IllegalStateException("A literal secret has no name");
    }
    return value;
  }

  /**
   * The text form, which {@link #parse(String)} reads.
   *
   * @return the text
   * @throws io.clouddb.error.InvalidArgumentException for a literal: it must not be written down
   */
  public String toText() {
    if (kind == Kind.LITERAL) {
      throw invalid("A literal secret must not be written down")
          .nextStep("Use SecretRef.environment, SecretRef.file or SecretRef.store.")
          .toException();
    }
    return kind.prefix + ":" + value;
  }

  /**
   * Reads the secret, from this process' environment or file system.
   *
   * @return the secret
   * @throws io.clouddb.error.NotFoundException when the variable or the file does not exist
   * @throws io.clouddb.error.InvalidArgumentException when the file is no regular one, is larger
   *     than 64 KiB or is not UTF-8
   * @throws io.clouddb.error.UnsupportedFeatureException for a secret in a cloud's store, which
   *     only the provider can read
   */
  public String resolve() {
    return switch (kind) {
      case LITERAL -> value;
      case ENVIRONMENT -> {
        String found = System.getenv(value);
        if (found == null) {
          throw notFound("The environment variable " + value + " is not set")
              .nextStep("Set " + value + " to the secret.")
              .toException();
        }
        yield found;
      }
      case FILE -> {
        try {
          yield SecretFile.read(Path.of(value));
        } catch (IOException e) {
          throw notFound("The secret's file " + Quoted.of(value) + " cannot be read: " + e)
              .toException(e);
        }
      }
      case STORE ->
          throw ErrorDetails.of(
                  ErrorCategory.UNSUPPORTED_FEATURE,
                  "The secret " + value + " is in a cloud's store; only its provider can read it")
              .nextStep("Take the connection from the cloud: instances().connection(...).")
              .toException();
    };
  }

  private static ErrorDetails.Builder invalid(String message) {
    return ErrorDetails.of(ErrorCategory.INVALID_ARGUMENT, message);
  }

  private ErrorDetails.Builder notFound(String message) {
    return ErrorDetails.of(ErrorCategory.NOT_FOUND, message).resource(kind.prefix + ":" + value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SecretRef that && kind == that.kind && value.equals(that.value);
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, value);
  }

  /** The text form; a literal shows as {@code literal:***}. */
  @Override
  public String toString() {
    return kind == Kind.LITERAL ? "literal:***" : toText();
  }
}
