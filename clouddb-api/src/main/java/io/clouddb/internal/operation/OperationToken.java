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
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The text form of an operation's state: versioned, opaque to callers, without secrets, and sealed
 * where there is a key. Its form is {@code clouddb-op-2.<state>} or {@code
 * clouddb-op-2.<state>.<seal>}: the state is JSON and the seal the HMAC-SHA256 (RFC 2104) of what
 * is before its point, both in base64url (RFC 4648, section 5).
 */
public final class OperationToken {
  private static final String PREFIX = "clouddb-op-2.";
  private static final Pattern OTHER_VERSION =
      Pattern.compile("clouddb-op-[0-9]+\\..*", Pattern.DOTALL);
  private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9_-]*");

  /** Half a word of JSON, which a parser calls a wrong one. */
  private static final Pattern HALF_A_WORD =
      Pattern.compile(".*[:,\\[](?:t|tr|tru|f|fa|fal|fals|n|nu|nul)", Pattern.DOTALL);

  private static final String HMAC = "HmacSHA256";
  private static final int SHORTEST_KEY = 16;

  private final String provider;
  private final @Nullable SecretRef key;

  /**
   * Writes and reads the tokens of one cloud.
   *
   * @param provider the provider that is open
   * @param key where the key is, null when they are not sealed
   */
  public OperationToken(String provider, @Nullable SecretRef key) {
    this.provider = provider;
    this.key = key;
  }

  /** What is missing in the text is null. */
  @SchemaVersion(2)
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
    String json = Json.write(new Document(provider, state, specification));
    String text = PREFIX + base64(json.getBytes(StandardCharsets.UTF_8));
    return key == null ? text : text + "." + base64(seal(key, text));
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
    String text = token.strip();
    requirePrefix(text);
    String unsealed = unsealed(text);
    Document document =
        Json.read(json(unsealed.substring(PREFIX.length())), Document.class, "The operation token");
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
    String text = token.strip();
    requirePrefix(text);
    int point = text.indexOf('.', PREFIX.length());
    String body = text.substring(PREFIX.length(), point < 0 ? text.length() : point);
    Document document = Json.read(json(body), Document.class, "A token");
    return provider.equals(document.provider());
  }

  private static void requirePrefix(String token) {
    if (token.startsWith(PREFIX)) {
      return;
    }
    if (PREFIX.startsWith(token)) {
      throw cutOff();
    }
    throw details(
            OTHER_VERSION.matcher(token).matches()
                ? "The operation token was made by %s release of clouddb"
                    .formatted(token.startsWith("clouddb-op-1.") ? "an older" : "a newer")
                : "This is no operation token that this release reads")
        .toException();
  }

  /** The text without its seal, which has to be this cloud's where it has a key. */
  private String unsealed(String text) {
    int point = text.indexOf('.', PREFIX.length());
    String body = point < 0 ? text : text.substring(0, point);
    String seal = point < 0 ? "" : text.substring(point + 1);
    if (key == null) {
      if (point >= 0 && !BASE64.matcher(seal).matches()) {
        throw damaged("it has a character that none has");
      }
      return body;
    }
    byte[] its = seal.isEmpty() ? new byte[0] : bytes(seal);
    if (!MessageDigest.isEqual(its, seal(key, body))) {
      throw details(
              seal.isEmpty()
                  ? "The operation token is not sealed, and this cloud takes only those that are"
                      + " sealed with its tokenKey"
                  : "The operation token was not sealed with this cloud's tokenKey, or it was"
                      + " changed since")
          .nextStep("Take it as it was given, or open the cloud with the key of whoever made it.")
          .toException();
    }
    return body;
  }

  private static byte[] seal(SecretRef key, String text) {
    byte[] secret = key.resolve().getBytes(StandardCharsets.UTF_8);
    if (secret.length < SHORTEST_KEY) {
      throw details("The tokenKey has less than " + SHORTEST_KEY + " bytes, which can be guessed")
          .nextStep("Take 32 random bytes, for example from: openssl rand -base64 32")
          .toException();
    }
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(secret, HMAC));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java has " + HMAC, e);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] bytes(String base64) {
    if (!BASE64.matcher(base64).matches()) {
      throw damaged("it has a character that none has");
    }
    try {
      return Base64.getUrlDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      // All its characters are right, so one is missing at its end.
      throw cutOff();
    }
  }

  private static String json(String base64) {
    try {
      String json =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes(base64))).toString();
      if (json.isEmpty() || HALF_A_WORD.matcher(json).matches()) {
        throw cutOff();
      }
      return json;
    } catch (CharacterCodingException e) {
      throw damaged("what it holds is no text");
    }
  }

  private static <T> T required(@Nullable T part, String what) {
    if (part == null) {
      throw details("The operation token has no " + what)
          .nextStep("Take it as it was given.")
          .toException();
    }
    return part;
  }

  private static CloudDbException damaged(String why) {
    return details("The operation token is damaged: " + why)
        .nextStep("Take it as it was given.")
        .toException();
  }

  private static CloudDbException cutOff() {
    return details("The operation token was cut off: it ends in the middle")
        .nextStep("Take the whole of it, as it was given.")
        .toException();
  }

  private static ErrorDetails.Builder details(String message) {
    return ErrorDetails.of(ErrorCategory.INVALID_ARGUMENT, message);
  }
}
