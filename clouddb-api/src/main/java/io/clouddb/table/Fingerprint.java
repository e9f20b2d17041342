/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Tells one query, or scan, from another, whatever process asks: the SHA-256 of all of it but the
 * size of its pages. Each part is written with its kind and length, so that no two queries are
 * written alike.
 */
final class Fingerprint {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final DataOutputStream out = new DataOutputStream(bytes);

  private Fingerprint() {}

  /** Writes a part of what is asked. */
  private interface Part {
    void write(Fingerprint all) throws IOException;
  }

  static String of(Query query) {
    return of(all -> all.query(query));
  }

  static String of(Scan scan) {
    return of(all -> all.scan(scan));
  }

  private static String of(Part part) {
    try {
      Fingerprint all = new Fingerprint();
      part.write(all);
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(all.bytes.toByteArray());
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    } catch (IOException e) {
      throw new UncheckedIOException("A stream into memory failed", e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  private void query(Query query) throws IOException {
    text(query.index().orElse(""));
    value(query.partition());
    out.writeBoolean(query.range().isPresent());
    if (query.range().isPresent()) {
      range(query.range().get());
    }
    filter(query.filter());
    out.writeBoolean(query.isDescending());
    out.writeBoolean(query.isConsistent());
    out.writeInt(query.limit());
  }

  private void scan(Scan scan) throws IOException {
    text(scan.index().orElse(""));
    filter(scan.filter());
    out.writeBoolean(scan.isConsistent());
    out.writeInt(scan.segments());
  }

  private void filter(Optional<Condition> filter) throws IOException {
    out.writeBoolean(filter.isPresent());
    if (filter.isPresent()) {
      condition(filter.get());
    }
  }

  private void range(SortRange range) throws IOException {
    kind(range);
    if (range instanceof SortRange.Compares compares) {
      text(compares.comparison().name());
      value(compares.value());
    } else if (range instanceof SortRange.Between between) {
      value(between.low());
      value(between.high());
    } else if (range instanceof SortRange.BeginsWith begins) {
      value(begins.prefix());
    }
  }

  private void condition(Condition condition) throws IOException {
    kind(condition);
    if (condition instanceof Condition.And and) {
      conditions(and.all());
    } else if (condition instanceof Condition.Or or) {
      conditions(or.any());
    } else if (condition instanceof Condition.Not not) {
      condition(not.condition());
    } else if (condition instanceof Condition.Exists exists) {
      path(exists.path());
    } else if (condition instanceof Condition.NotExists missing) {
      path(missing.path());
    } else if (condition instanceof Condition.IsOfType type) {
      path(type.path());
      text(type.type().name());
    } else if (condition instanceof Condition.Compares compares) {
      path(compares.path());
      text(compares.comparison().name());
      value(compares.operand());
    } else if (condition instanceof Condition.BeginsWith begins) {
      path(begins.path());
      value(begins.prefix());
    } else if (condition instanceof Condition.Contains contains) {
      path(contains.path());
      value(contains.operand());
    } else if (condition instanceof Condition.In in) {
      path(in.path());
      values(in.values());
    }
  }

  private void conditions(List<Condition> all) throws IOException {
    out.writeInt(all.size());
    for (Condition each : all) {
      condition(each);
    }
  }

  private void path(AttributePath path) throws IOException {
    text(path.attribute());
    out.writeInt(path.steps().size());
    for (AttributePath.Step step : path.steps()) {
      kind(step);
      if (step instanceof AttributePath.Member member) {
        text(member.name());
      } else if (step instanceof AttributePath.Element element) {
        out.writeInt(element.index());
      }
    }
  }

  private void value(Value value) throws IOException {
    kind(value);
    if (value instanceof Value.Text text) {
      text(text.text());
    } else if (value instanceof Value.Num num) {
      number(num.number());
    } else if (value instanceof Value.Binary binary) {
      binary(binary);
    } else if (value instanceof Value.Bool bool) {
      out.writeBoolean(bool.bool());
    } else if (value instanceof Value.Array array) {
      values(array.values());
    } else if (value instanceof Value.Document document) {
      out.writeInt(document.members().size());
      for (var member : new TreeMap<>(document.members()).entrySet()) {
        text(member.getKey());
        value(member.getValue());
      }
    } else if (value instanceof Value.TextSet set) {
      out.writeInt(set.texts().size());
      for (String each : new TreeSet<>(set.texts())) {
        text(each);
      }
    } else if (value instanceof Value.NumSet set) {
      out.writeInt(set.numbers().size());
      for (BigDecimal each : new TreeSet<>(set.numbers())) {
        number(each);
      }
    } else if (value instanceof Value.BinarySet set) {
      out.writeInt(set.values().size());
      for (Value.Binary each : new TreeSet<>(set.values())) {
        binary(each);
      }
    }
  }

  private void values(Collection<Value> all) throws IOException {
    out.writeInt(all.size());
    for (Value each : all) {
      value(each);
    }
  }

  private void kind(Object part) throws IOException {
    text(part.getClass().getSimpleName());
  }

  private void number(BigDecimal number) throws IOException {
    text(number.toString());
  }

  private void binary(Value.Binary binary) throws IOException {
    out.writeInt(binary.length());
    out.write(binary.toArray());
  }

  private void text(String text) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(utf8.length);
    out.write(utf8);
  }
}
