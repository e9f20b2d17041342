/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws;

import io.clouddb.testkit.simulator.aws.SignatureRefusal.Verdict;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Checks AWS' <a
 * href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html">Signature
 * Version 4</a> in the header {@code Authorization}, as a front door does that knows one user.
 */
final class SignatureV4 {
  /** Where a request goes. */
  record Scope(String region, String service) {}

  /** A request as it was sent, with the {@link #hash} of its body. */
  record Sent(
      String method,
      String rawPath,
      String rawQuery,
      Map<String, List<String>> headers,
      String payloadHash) {
    Optional<String> header(String name) {
      List<String> values = headers.get(name);
      return values == null || values.isEmpty() ? Optional.empty() : Optional.of(values.get(0));
    }
  }

  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final Duration SKEW = Duration.ofMinutes(15);
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final int DAY = 8;
  private static final Pattern AUTHORIZATION =
      Pattern.compile(
          ALGORITHM
              + " Credential=([^/, ]+)/(\\d{8})/([a-z0-9-]+)/([a-z0-9-]+)/aws4_request,"
              + " *SignedHeaders=([a-z0-9;_-]+), *Signature=([0-9a-f]{64})");

  private static final Pattern BLANKS = Pattern.compile(" +");
  private static final int MOST_KEYS = 100;

  private final ConcurrentMap<String, byte[]> keys = new ConcurrentHashMap<>();
  private final String accessKey;
  private final String secret;
  private final Clock clock;

  private record Date(String text, Instant instant) {}

  private volatile @Nullable Date lastDate;

  SignatureV4(String accessKey, String secret, Clock clock) {
    this.accessKey = accessKey;
    this.secret = secret;
    this.clock = clock;
  }

  /** What a signature says of where its request goes; empty when there is none. */
  static Optional<Scope> scope(Optional<String> authorization) {
    return authorization
        .map(AUTHORIZATION::matcher)
        .filter(Matcher::matches)
        .map(matcher -> new Scope(matcher.group(3), matcher.group(4)));
  }

  /** Checks a request; empty when it is signed as it should be. */
  Optional<SignatureRefusal> check(Sent request) {
    Optional<String> authorization = request.header("authorization");
    if (authorization.isEmpty()) {
      return refuse(Verdict.MISSING, "Missing Authentication Token");
    }
    Matcher parts = AUTHORIZATION.matcher(authorization.get());
    Optional<String> date = request.header("x-amz-date");
    if (!parts.matches() || date.isEmpty()) {
      return refuse(
          Verdict.INCOMPLETE,
          "Authorization header requires 'Credential', 'Signature' and 'SignedHeaders' parameters,"
              + " and the request an 'X-Amz-Date' header.");
    }
    if (!equal(parts.group(1), accessKey)
        || request.headers().containsKey("x-amz-security-token")) {
      return refuse(Verdict.UNKNOWN_USER, "The security token included in the request is invalid.");
    }
    return time(date.get(), parts.group(2))
        .or(() -> headers(request, parts.group(5)))
        .or(
            () -> {
              String scope = String.join("/", parts.group(2), parts.group(3), parts.group(4));
              String signature = sign(request, parts.group(5), date.get(), scope);
              return equal(signature, parts.group(6))
                  ? Optional.empty()
                  : refuse(
                      Verdict.MISMATCH,
                      "The request signature we calculated does not match the signature you"
                          + " provided. Check your AWS Secret Access Key and signing method."
                          + " Consult the service documentation for details.");
            });
  }

  private static Optional<SignatureRefusal> refuse(Verdict verdict, String message) {
    return Optional.of(new SignatureRefusal(verdict, message));
  }

  /** The one of the request before, which was mostly signed within the same second. */
  private Instant parse(String date) {
    Date known = lastDate;
    if (known == null || !known.text().equals(date)) {
      known = new Date(date, DATE.parse(date, Instant::from));
      lastDate = known;
    }
    return known.instant();
  }

  private Optional<SignatureRefusal> time(String date, String day) {
    Instant signed;
    try {
      signed = parse(date);
    } catch (DateTimeException e) {
      return refuse(Verdict.INCOMPLETE, "Date must be in ISO-8601 'basic format'.");
    }
    if (!day.equals(date.substring(0, DAY))) {
      return refuse(
          Verdict.MISMATCH,
          "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from"
              + " HTTP");
    }
    Instant now = clock.instant();
    if (signed.isBefore(now.minus(SKEW))) {
      return refuse(
          Verdict.MISMATCH,
          "Signature expired: " + date + " is now earlier than " + DATE.format(now.minus(SKEW)));
    }
    if (signed.isAfter(now.plus(SKEW))) {
      return refuse(
          Verdict.MISMATCH,
          "Signature not yet current: "
              + date
              + " is still later than "
              + DATE.format(now.plus(SKEW)));
    }
    return Optional.empty();
  }

  /** What says where a request goes, when, and what it asks for, has to be signed. */
  private static Optional<SignatureRefusal> headers(Sent request, String signed) {
    List<String> names = List.of(signed.split(";"));
    String unsigned = null;
    for (String name : request.headers().keySet()) {
      if ((name.equals("host") || name.startsWith("x-amz-"))
          && !names.contains(name)
          && (unsigned == null || name.compareTo(unsigned) < 0)) {
        unsigned = name;
      }
    }
    if (unsigned != null) {
      return refuse(
          Verdict.MISMATCH,
          "'" + unsigned + "' must be a 'SignedHeader' in the AWS Authorization.");
    }
    return names.contains("host") && request.headers().keySet().containsAll(names)
        ? Optional.empty()
        : refuse(Verdict.MISMATCH, "'Host' must be a 'SignedHeader' in the AWS Authorization.");
  }

  private String sign(Sent request, String signedHeaders, String date, String scope) {
    StringBuilder canonical = new StringBuilder(512);
    canonical.append(request.method()).append('\n');
    canonical.append(path(request.rawPath())).append('\n');
    canonical.append(query(request.rawQuery())).append('\n');
    for (String name : signedHeaders.split(";")) {
      canonical.append(name).append(':').append(values(request, name)).append('\n');
    }
    canonical.append('\n').append(signedHeaders).append('\n').append(request.payloadHash());
    String text =
        String.join(
            "\n",
            ALGORITHM,
            date,
            scope + "/aws4_request",
            hash(canonical.toString().getBytes(StandardCharsets.UTF_8)));
    return HexFormat.of().formatHex(hmac(key(scope), text));
  }

  /** That of a day, a region and a service: all requests of a client but the first have it. */
  private byte[] key(String scope) {
    if (keys.size() > MOST_KEYS) {
      keys.clear();
    }
    return keys.computeIfAbsent(
        scope,
        parts -> {
          byte[] key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
          for (String part : (parts + "/aws4_request").split("/")) {
            key = hmac(key, part);
          }
          return key;
        });
  }

  private static String values(Sent request, String name) {
    List<String> values = request.headers().getOrDefault(name, List.of());
    return values.size() == 1
        ? value(values.get(0))
        : values.stream().map(SignatureV4::value).collect(Collectors.joining(","));
  }

  private static String value(String sent) {
    String value = sent.strip();
    return value.contains("  ") ? BLANKS.matcher(value).replaceAll(" ") : value;
  }

  /** Every service but S3 encodes a path that is encoded already. */
  private static String path(String raw) {
    String path = raw.isEmpty() ? "/" : raw;
    if (path.equals("/")) {
      return path;
    }
    return Arrays.stream(path.split("/", -1))
        .map(SignatureV4::encode)
        .collect(Collectors.joining("/"));
  }

  private static String query(String raw) {
    if (raw.isEmpty()) {
      return raw;
    }
    List<String> pairs = new ArrayList<>();
    for (String pair : raw.split("&", -1)) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        pairs.add(encode(decode(name)) + "=" + encode(decode(value)));
      }
    }
    return pairs.stream().sorted().collect(Collectors.joining("&"));
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // Signed as it is, or not at all.
      return text;
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~");
  }

  /** The hash of a body, in hexadecimal digits. */
  static String hash(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** In a time that does not tell how much of it is right. */
  private static boolean equal(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }
}
