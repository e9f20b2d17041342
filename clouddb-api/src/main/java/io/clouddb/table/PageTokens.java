/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.CloudConfig;
import io.clouddb.internal.json.Json;
import io.clouddb.internal.json.SchemaVersion;
import io.clouddb.internal.operation.SealedToken;
import io.clouddb.internal.text.Quoted;
import org.jspecify.annotations.Nullable;

/**
 * Where the next page of a query or a scan begins, as a text: opaque, for this table and query
 * alone, and sealed where the cloud has a key. It names no account and no region: a table's other
 * regions take it as well.
 */
final class PageTokens {
  private static final int VERSION = 1;

  private final String provider;
  private final String table;
  private final SealedToken tokens;

  PageTokens(CloudConfig config, String table) {
    this.provider = config.provider();
    this.table = table;
    this.tokens =
        new SealedToken("page token", "clouddb-page", VERSION, config.tokenKey().orElse(null));
  }

  /**
   * Where a page begins.
   *
   * @param position in the driver's words
   * @param left how many items of the query's limit are left; 0 where it has none
   */
  record Position(String position, int left) {}

  /**
   * Where a page of a scan begins.
   *
   * @param segment which, from 0
   * @param position in the driver's words; null where the segment begins
   */
  record Place(int segment, @Nullable String position) {}

  /** What is missing in the text is null. */
  @SchemaVersion(VERSION)
  private record Document(
      @Nullable String provider,
      @Nullable String table,
      @Nullable String query,
      @Nullable String position,
      @Nullable Integer left,
      @Nullable Integer segment) {}

  String write(Query query, Position next) {
    return write(Fingerprint.of(query), next.position(), next.left(), null);
  }

  String write(Scan scan, Place next) {
    return write(Fingerprint.of(scan), next.position(), null, next.segment());
  }

  private String write(
      String asked, @Nullable String position, @Nullable Integer left, @Nullable Integer segment) {
    return tokens.write(Json.write(new Document(provider, table, asked, position, left, segment)));
  }

  Position read(Query query, String token) {
    Document document = read(token);
    String position = document.position();
    Integer left = document.left();
    if ((position == null || left == null || left < 0) && document.segment() == null) {
      throw KeyChecks.refused(
          "The page token says not where its page begins", "Take it as it was given.");
    }
    if (!Fingerprint.of(query).equals(document.query())
        || position == null
        || left == null
        || left > query.limit()
        || (left == 0 && query.limit() > 0)) {
      throw another("query");
    }
    return new Position(position, left);
  }

  Place read(Scan scan, String token) {
    Document document = read(token);
    Integer segment = document.segment();
    if (segment == null
        || segment < 0
        || segment >= scan.segments()
        // Before the first page nobody has a token.
        || (segment == 0 && document.position() == null)
        || !Fingerprint.of(scan).equals(document.query())) {
      throw another("scan");
    }
    return new Place(segment, document.position());
  }

  private Document read(String token) {
    Document document = Json.read(tokens.read(token), Document.class, "The page token");
    if (!provider.equals(document.provider()) || !table.equals(document.table())) {
      throw KeyChecks.refused(
          "The page token is for a query of "
              + Quoted.of(document.provider() + ":" + document.table())
              + ", and this is "
              + provider
              + ":"
              + table,
          "Take the token that this table's query gave.");
    }
    return document;
  }

  private RuntimeException another(String what) {
    return KeyChecks.refused(
        "The page token is for another " + what + " of " + table,
        "Take the token that this " + what + " gave; only its page size may be another.");
  }
}
