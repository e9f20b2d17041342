/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.internal.PercentEncoding;
import io.clouddb.internal.PlainText;
import io.clouddb.internal.text.Quoted;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Names one resource on one cloud. Its text, which {@link #parse(String)} reads, is {@code
 * clouddb:provider:account:location:kind:name} with a seventh part for the vendor's own id; each
 * part is percent-encoded.
 */
public final class ResourceId {
  /**
   * The location of what is in several regions and in none of them alone, such as a table: it
   * belongs to the whole account.
   */
  public static final String GLOBAL = "global";

  private static final String PREFIX = "clouddb";

  private final String provider;
  private final String account;
  private final String location;
  private final String kind;
  private final String name;
  private final @Nullable String nativeId;

  private ResourceId(
      String provider,
      String account,
      String location,
      String kind,
      String name,
      @Nullable String nativeId) {
    this.provider = required(provider, "provider");
    this.account = plain(Objects.requireNonNull(account, "account"), "account");
    this.location = required(location, "location");
    this.kind = required(kind, "kind");
    this.name = required(name, "name");
    this.nativeId = nativeId == null ? null : plain(nativeId, "native id");
  }

  private static String required(String part, String what) {
    if (part.isBlank()) {
      throw invalid("A resource id needs its " + what);
    }
    return plain(part, what);
  }

  /** Of anything else the text form would be that of another resource. */
  private static String plain(String part, String what) {
    if (!PlainText.is(part)) {
      throw invalid(
          "The "
              + what
              + " of a resource id has half a character or a zero one: "
              + Quoted.of(part));
    }
    return part;
  }

  private static RuntimeException invalid(String message) {
    return ErrorDetails.of(ErrorCategory.INVALID_ARGUMENT, message).toException();
  }

  /**
   * Makes an id.
   *
   * @param provider the provider's id, for example {@code aws}
   * @param account account number, subscription and resource group, or project; empty where the
   *     cloud has none: one that has refuses such an id
   * @param location region
   * @param kind what it is, for example {@code instance}
   * @param name its name within account and location
   * @return the id, without the vendor's own
   * @throws io.clouddb.error.InvalidArgumentException when a part is missing, or has half a
   *     character (a lone surrogate) or a zero one
   */
  public static ResourceId of(
      String provider, String account, String location, String kind, String name) {
    return new ResourceId(provider, account, location, kind, name, null);
  }

  /**
   * Reads the text form.
   *
   * @param text what {@link #toString()} wrote
   * @return the id
   * @throws io.clouddb.error.InvalidArgumentException when the text is of another form
   */
  public static ResourceId parse(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length < 6 || parts.length > 7 || !parts[0].equals(PREFIX)) {
      throw invalid(
          "A resource id has the form clouddb:provider:account:location:kind:name, not "
              + Quoted.of(text));
    }
    return new ResourceId(
        decode(parts[1], "provider"),
        decode(parts[2], "account"),
        decode(parts[3], "location"),
        decode(parts[4], "kind"),
        decode(parts[5], "name"),
        parts.length == 7 ? decode(parts[6], "native id") : null);
  }

  /**
   * The same id with the vendor's own beside it.
   *
   * @param vendorId an ARN, an ARM id or a self link
   * @return a new id
   */
  public ResourceId withNativeId(String vendorId) {
    return new ResourceId(
        provider, account, location, kind, name, Objects.requireNonNull(vendorId, "vendorId"));
  }

  /**
   * The provider's id.
   *
   * @return for example {@code aws}
   */
  public String provider() {
    return provider;
  }

  /**
   * Account number, subscription and resource group, or project.
   *
   * @return the account; empty where the cloud has none
   */
  public String account() {
    return account;
  }

  /**
   * The region.
   *
   * @return for example {@code ap-northeast-2}
   */
  public String location() {
    return location;
  }

  /**
   * What it is.
   *
   * @return for example {@code instance}
   */
  public String kind() {
    return kind;
  }

  /**
   * Its name within account and location.
   *
   * @return the name
   */
  public String name() {
    return name;
  }

  /**
   * The vendor's own id.
   *
   * @return an ARN, an ARM id or a self link
   */
  public Optional<String> nativeId() {
    return Optional.ofNullable(nativeId);
  }

  /** Two ids are equal when they name the same resource; the vendor's own id plays no part. */
  @Override
  public boolean equals(Object other) {
    return other instanceof ResourceId that
        && provider.equals(that.provider)
        && account.equals(that.account)
        && location.equals(that.location)
        && kind.equals(that.kind)
        && name.equals(that.name);
  }

  @Override
  public int hashCode() {
    return Objects.hash(provider, account, location, kind, name);
  }

  @Override
  public String toString() {
    String text =
        String.join(
            ":",
            PREFIX,
            encode(provider),
            encode(account),
            encode(location),
            encode(kind),
            encode(name));
    return nativeId == null ? text : text + ":" + encode(nativeId);
  }

  private static String encode(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String decode(String part, String what) {
    return PercentEncoding.decode(part)
        .orElseThrow(
            () ->
                invalid(
                    "The "
                        + what
                        + " of a resource id is not percent-encoded: "
                        + Quoted.of(part)
                        + "; a % itself is written %25"));
  }
}
