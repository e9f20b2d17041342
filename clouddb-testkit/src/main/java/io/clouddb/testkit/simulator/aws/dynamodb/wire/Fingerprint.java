/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.wire;

import io.clouddb.testkit.simulator.tables.Value;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A hash of a part of a request, by what it means: in whichever order it names the members of a map
 * or a set, and however it writes a number.
 */
final class Fingerprint {
  private final MessageDigest hash;

  private Fingerprint() {
    try {
      this.hash = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static String of(@Nullable Object part) {
    Fingerprint fingerprint = new Fingerprint();
    if (part != null) {
      fingerprint.add(part);
    }
    return HexFormat.of().formatHex(fingerprint.hash.digest());
  }

  private void add(Object part) {
    if (part instanceof Members members) {
      named(members.values());
    } else if (part instanceof WireItem item) {
      named(item.values());
    } else if (part instanceof WireValue value) {
      add(value.get());
    } else if (part instanceof Value value) {
      value(value);
    } else if (part instanceof Map<?, ?> map) {
      named(map);
    } else if (part instanceof List<?> list) {
      begin('A', list.size());
      list.forEach(this::add);
    } else {
      begin('P', 0);
      text('C', part.getClass().getSimpleName());
      text('S', part.toString());
    }
  }

  private void named(Map<?, ?> map) {
    begin('M', map.size());
    new TreeMap<>(map)
        .forEach(
            (name, one) -> {
              text('K', (String) name);
              add(one);
            });
  }

  private void value(Value value) {
    begin('V', 0);
    hash.update(ValueWriter.typeOf(value).getBytes(StandardCharsets.UTF_8));
    if (value instanceof Value.Text text) {
      text('S', text.text());
    } else if (value instanceof Value.Num number) {
      text('N', number.number().toString());
    } else if (value instanceof Value.Bytes bytes) {
      bytes('B', bytes.toArray());
    } else if (value instanceof Value.Bool bool) {
      text('Z', String.valueOf(bool.bool()));
    } else if (value instanceof Value.Array array) {
      add(array.values());
    } else if (value instanceof Value.Document document) {
      named(document.members());
    } else if (value instanceof Value.TextSet set) {
      set(set.texts().stream());
    } else if (value instanceof Value.NumSet set) {
      set(set.numbers().stream().map(Object::toString));
    } else if (value instanceof Value.BytesSet set) {
      set(set.values().stream().map(Object::toString));
    }
  }

  private void set(Stream<String> elements) {
    Collection<String> sorted = elements.sorted().toList();
    begin('L', sorted.size());
    sorted.forEach(element -> text('E', element));
  }

  private void text(char kind, String text) {
    bytes(kind, text.getBytes(StandardCharsets.UTF_8));
  }

  private void bytes(char kind, byte[] bytes) {
    begin(kind, bytes.length);
    hash.update(bytes);
  }

  /** With a length: two texts that follow each other are not one. */
  private void begin(char kind, int length) {
    hash.update((byte) kind);
    hash.update(ByteBuffer.allocate(Integer.BYTES).putInt(length).array());
  }
}
