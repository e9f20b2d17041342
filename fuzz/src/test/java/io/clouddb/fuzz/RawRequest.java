/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.fuzz;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/** An HTTP request in its parts. */
final class RawRequest {
  private static final String LENGTH = "content-length:";
  private static final String CHUNKED = "transfer-encoding:";
  private static final String ENCODING = "content-encoding:";
  private static final String HOST = "host:";
  private static final String CONNECTION = "connection:";

  private final String line;
  private final List<String> headers;
  private final byte[] body;

  RawRequest(String line, List<String> headers, byte[] body) {
    this.line = line;
    this.headers = headers;
    this.body = body;
  }

  /** The request line. */
  String line() {
    return line;
  }

  /** The lines of the head, without those that say how the body is packed. */
  List<String> headers() {
    return headers;
  }

  /** The body, unpacked. */
  byte[] body() {
    return body;
  }

  /** Reads one as an SDK sends it. */
  static RawRequest read(InputStream in) throws IOException {
    String line = line(in);
    List<String> headers = new ArrayList<>();
    int length = 0;
    boolean chunked = false;
    boolean zipped = false;
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      String lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith(LENGTH)) {
        length = Integer.parseInt(header.substring(LENGTH.length()).strip());
      } else if (lower.startsWith(CHUNKED)) {
        chunked = true;
      } else if (lower.startsWith(ENCODING)) {
        zipped = lower.endsWith("gzip");
      } else if (!lower.startsWith(CONNECTION)) {
        headers.add(header);
      }
    }
    byte[] body = chunked ? chunks(in) : in.readNBytes(length);
    return new RawRequest(line, headers, zipped ? unzipped(body) : body);
  }

  /** The same request to another host. */
  RawRequest at(URI host) {
    List<String> all = new ArrayList<>(headers);
    all.removeIf(header -> header.toLowerCase(Locale.ROOT).startsWith(HOST));
    all.add("Host: " + host.getAuthority());
    return new RawRequest(line, all, body);
  }

  private static byte[] unzipped(byte[] body) throws IOException {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
      return in.readAllBytes();
    }
  }

  private static byte[] chunks(InputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      int length = Integer.parseInt(line(in).strip(), 16);
      body.write(in.readNBytes(length));
      line(in);
      if (length == 0) {
        return body.toByteArray();
      }
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    int next;
    while ((next = in.read()) != '\n') {
      if (next < 0) {
        throw new EOFException();
      }
      line.append((char) next);
    }
    return line.toString().stripTrailing();
  }

  /** As it goes over the wire, on a connection of its own, with a length that is right. */
  byte[] bytes() {
    StringBuilder head = new StringBuilder(line).append("\r\n");
    headers.forEach(header -> head.append(header).append("\r\n"));
    head.append("Connection: close\r\nContent-Length: ").append(body.length).append("\r\n\r\n");
    byte[] start = head.toString().getBytes(StandardCharsets.ISO_8859_1);
    byte[] all = new byte[start.length + body.length];
    System.arraycopy(start, 0, all, 0, start.length);
    System.arraycopy(body, 0, all, start.length, body.length);
    return all;
  }

  String text() {
    return new String(body, StandardCharsets.UTF_8);
  }
}
