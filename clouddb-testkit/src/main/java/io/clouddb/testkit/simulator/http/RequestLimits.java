/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.http;

import com.sun.net.httpserver.Headers;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** How large a request may be. The real ones have some kilobytes. */
final class RequestLimits {
  /** Characters of the head, and of the query by itself. */
  static final int HEAD = 64 << 10;

  /** Pairs of a form or a query. */
  static final int PAIRS = 2_000;

  /** Objects and arrays in each other. */
  static final int DEPTH = 64;

  /** Requests that are served at the same time. */
  static final int AT_ONCE = 64;

  /**
   * Requests that wait, of which nothing is read yet: more than all clients of a process send at
   * once, since one that finds no place has its connection closed.
   */
  static final int WAITING = 8192;

  /** A request that is refused before a cloud's protocol sees it. */
  static final class RefusedRequestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    RefusedRequestException(int status, String message) {
      super(message);
      this.status = status;
    }

    int status() {
      return status;
    }
  }

  private RequestLimits() {}

  static RefusedRequestException malformed(String what) {
    return new RefusedRequestException(400, what);
  }

  static void checkHead(String uri, Headers headers) {
    long size = uri.length();
    for (Map.Entry<String, List<String>> header : headers.entrySet()) {
      for (String value : header.getValue()) {
        size += header.getKey().length() + value.length();
      }
    }
    if (size > HEAD) {
      throw new RefusedRequestException(431, "The head has more than " + HEAD + " characters");
    }
  }

  static byte[] read(InputStream body, int most) throws IOException {
    byte[] bytes = body.readNBytes(most + 1);
    if (bytes.length > most) {
      throw new RefusedRequestException(413, "The body has more than " + most + " bytes");
    }
    return bytes;
  }

  /** Unpacks no more than a body may have. */
  static byte[] unpack(byte[] zipped, int most) throws IOException {
    try (InputStream body = new GZIPInputStream(new ByteArrayInputStream(zipped))) {
      return read(body, most);
    } catch (java.util.zip.ZipException | java.io.EOFException e) {
      throw malformed("The body is not what gzip writes");
    }
  }

  /** Whoever reads JSON, or walks through it, does so by calling itself. */
  static void checkDepth(String body) {
    int depth = 0;
    boolean text = false;
    for (int i = 0; i < body.length(); i++) {
      char c = body.charAt(i);
      if (text) {
        if (c == '\\') {
          i++;
        } else if (c == '"') {
          text = false;
        }
      } else if (c == '"') {
        text = true;
      } else if (c == '{' || c == '[') {
        depth++;
        if (depth > DEPTH) {
          throw malformed("The body has more than " + DEPTH + " levels");
        }
      } else if (c == '}' || c == ']') {
        depth--;
      }
    }
  }
}
