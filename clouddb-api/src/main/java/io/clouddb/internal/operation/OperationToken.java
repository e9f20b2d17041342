/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.operation;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.internal.json.Json;
import io.clouddb.internal.json.SchemaVersion;
import io.clouddb.internal.text.Quoted;
import io.clouddb.plan.Specification;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.OperationState;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The text form of an operation's state: versioned, opaque to callers, without secrets, and sealed
 * where there is a key. It is a {@link SealedToken} that begins with {@code clouddb-op-2.}.
 */
public final class OperationToken {
  private static final int VERSION = 2;

  private final String provider;
  private final SealedToken tokens;

  /**
   * Writes and reads the tokens of one cloud.
   *
   * @param provider the provider that is open
   * @param key where the key is, null when they are not sealed
   */
  public OperationToken(String provider, @Nullable SecretRef key) {
    this.provider = provider;
    this.tokens = new SealedToken("operation token", "clouddb-op", VERSION, key);
  }

  /** What is missing in the text is null. */
  @SchemaVersion(VERSION)
  private record Document(
      @Nullable String provider, @Nullable OperationState state, @Nullable String specification) {}

  /**
   * Writes a token.
   *
   * @param state where the operation stands
   * @return the text
   * @throws CloudDbException when what is asked for holds a literal secret
   */
  public String write(OperationState state) {
    String specification = state.specification().map(Json::write).orElse(null);
    return tokens.write(Json.write(new Document(provider, state, specification)));
  }

  /**
   * Reads a token.
   *
   * @param token the text
   * @param types gives the class of what is asked for, by the operation's kind; empty for a kind
   *     that needs nothing more
   * @return the state to go on from
   * @throws CloudDbException when it is malformed, for another provider, or not sealed with the key
   */
  public OperationState read(
      String token, Function<String, Optional<Class<? extends Specification>>> types) {
    Document document = Json.read(tokens.read(token), Document.class, "The operation token");
    String its = required(document.provider(), "provider");
    if (!its.equals(provider)) {
      throw details("The token is for " + Quoted.of(its) + ", this cloud is " + provider)
          .nextStep("Open the cloud that it is for, and resume it there.")
          .toException();
    }
    OperationState state = required(document.state(), "state").checked();
    Optional<Class<? extends Specification>> type = types.apply(state.kind());
    if (type.isEmpty()) {
      return state;
    }
    String asked = required(document.specification(), "specification");
    return state.asking(Json.read(asked, type.get(), "What the operation token asks for"));
  }

  /**
   * Tells whether a token of a shared log is for this provider at all. Does not look at its seal,
   * which is the other provider's.
   *
   * @param token the text
   * @return false when it names another one
   */
  public boolean isOfThisProvider(String token) {
    Document document = Json.read(tokens.readUnchecked(token), Document.class, "A token");
    return provider.equals(document.provider());
  }

  private static <T> T required(@Nullable T part, String what) {
    if (part == null) {
      throw details("The operation token has no " + what)
          .nextStep("Take it as it was given.")
          .toException();
    }
    return part;
  }

  private static ErrorDetails.Builder details(String message) {
    return ErrorDetails.of(ErrorCategory.INVALID_ARGUMENT, message);
  }
}
