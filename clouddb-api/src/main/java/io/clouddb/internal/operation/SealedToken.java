/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.operation;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.security.SecretRef;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * JSON as a token: versioned, opaque to callers, and sealed where there is a key. Its form is
 * {@code <name>-<version>.<json>} or {@code <name>-<version>.<json>.<seal>}: the seal is the
 * HMAC-SHA256 (RFC 2104) of what is before its point, and both are in base64url (RFC 4648, section
 * 5).
 */
public final class SealedToken {
  private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9_-]*");

  /** Half a word of JSON, which a parser calls a wrong one. */
  private static final Pattern HALF_A_WORD =
      Pattern.compile(".*[:,\\[](?:t|tr|tru|f|fa|fal|fals|n|nu|nul)", Pattern.DOTALL);

  private static final String HMAC = "HmacSHA256";
  private static final int SHORTEST_KEY = 16;
  private static final int MOST_DIGITS = 9;

  private final String what;
  private final int version;
  private final String prefix;
  private final Pattern otherVersion;
  private final @Nullable SecretRef key;

  /**
   * Writes and reads the tokens of one kind.
   *
   * @param what what they are called in errors, for example {@code operation token}
   * @param name what they begin with, for example {@code clouddb-op}
   * @param version the version that is written, and read
   * @param key where the key is, null when they are not sealed
   */
  public SealedToken(String what, String name, int version, @Nullable SecretRef key) {
    this.what = what;
    this.version = version;
    this.prefix = name + "-" + version + ".";
    this.otherVersion = Pattern.compile(name + "-([0-9]+)\\..*", Pattern.DOTALL);
    this.key = key;
  }

  /**
   * Writes a token.
   *
   * @param json what it holds
   * @return the text
   * @throws CloudDbException when there is a key and it is too short
   */
  public String write(String json) {
    String text = prefix + base64(json.getBytes(StandardCharsets.UTF_8));
    return key == null ? text : text + "." + base64(seal(key, text));
  }

  /**
   * Reads a token.
   *
   * @param token the text
   * @return what it holds
   * @throws CloudDbException when it is malformed, or not sealed with the key
   */
  public String read(String token) {
    String text = token.strip();
    requirePrefix(text);
    return json(unsealed(text).substring(prefix.length()));
  }

  /**
   * Reads a token without a look at its seal.
   *
   * @param token the text
   * @return what it holds, if nobody has changed it
   * @throws CloudDbException when it is malformed
   */
  String readUnchecked(String token) {
    String text = token.strip();
    requirePrefix(text);
    int point = text.indexOf('.', prefix.length());
    return json(text.substring(prefix.length(), point < 0 ? text.length() : point));
  }

  private void requirePrefix(String token) {
    if (token.startsWith(prefix)) {
      return;
    }
    if (prefix.startsWith(token)) {
      throw cutOff();
    }
    Matcher other = otherVersion.matcher(token);
    throw details(
            other.matches()
                ? "The %s was made by %s release of clouddb"
                    .formatted(what, isOlder(other.group(1)) ? "an older" : "a newer")
                : "This is no %s that this release reads".formatted(what))
        .toException();
  }

  private boolean isOlder(String its) {
    return its.length() <= MOST_DIGITS && Integer.parseInt(its) < version;
  }

  /** The text without its seal, which has to be this cloud's where it has a key. */
  private String unsealed(String text) {
    int point = text.indexOf('.', prefix.length());
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
                  ? "The "
                      + what
                      + " is not sealed, and this cloud takes only those that are"
                      + " sealed with its tokenKey"
                  : "The "
                      + what
                      + " was not sealed with this cloud's tokenKey, or it was"
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

  private byte[] bytes(String base64) {
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

  private String json(String base64) {
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

  private CloudDbException damaged(String why) {
    return details("The " + what + " is damaged: " + why)
        .nextStep("Take it as it was given.")
        .toException();
  }

  private CloudDbException cutOff() {
    return details("The " + what + " was cut off: it ends in the middle")
        .nextStep("Take the whole of it, as it was given.")
        .toException();
  }

  private static ErrorDetails.Builder details(String message) {
    return ErrorDetails.of(ErrorCategory.INVALID_ARGUMENT, message);
  }
}
