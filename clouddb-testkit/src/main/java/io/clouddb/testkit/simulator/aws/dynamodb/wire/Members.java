/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.wire;

import io.clouddb.testkit.simulator.tables.Value;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The members of a request, or of a structure in one, of the types and within the constraints of
 * the published definition. Whoever asks for a member knows its type.
 */
public final class Members {
  private final String structure;
  private final Map<String, Object> values;

  Members(String structure, Map<String, Object> values) {
    this.structure = structure;
    this.values = values;
  }

  /** What the definition calls it. */
  String structure() {
    return structure;
  }

  Map<String, Object> values() {
    return values;
  }

  /**
   * Tells whether a member is there.
   *
   * @param name its name
   * @return false also when it is null
   */
  public boolean has(String name) {
    return values.containsKey(name);
  }

  /**
   * The members that are there.
   *
   * @return their names
   */
  public Iterable<String> names() {
    return Collections.unmodifiableSet(values.keySet());
  }

  private Object required(String name) {
    Object value = values.get(name);
    if (value == null) {
      throw new IllegalStateException(name + " is required, and was not looked for");
    }
    return value;
  }

  /**
   * A text.
   *
   * @param name the member's name
   * @return null when it is not there
   */
  public @Nullable String textOrNull(String name) {
    return (String) values.get(name);
  }

  /**
   * A text that the definition requires.
   *
   * @param name the member's name
   * @return the text
   */
  public String text(String name) {
    return (String) required(name);
  }

  /**
   * A flag.
   *
   * @param name the member's name
   * @return false when it is not there
   */
  public boolean flag(String name) {
    return Boolean.TRUE.equals(values.get(name));
  }

  /**
   * A flag.
   *
   * @param name the member's name
   * @return null when it is not there
   */
  public @Nullable Boolean flagOrNull(String name) {
    return (Boolean) values.get(name);
  }

  /**
   * A number without fraction.
   *
   * @param name the member's name
   * @return null when it is not there
   */
  public @Nullable Long wholeOrNull(String name) {
    return (Long) values.get(name);
  }

  /**
   * A number without fraction.
   *
   * @param name the member's name
   * @param otherwise what it is when it is not there
   * @return the number
   */
  public long whole(String name, long otherwise) {
    Long value = wholeOrNull(name);
    return value == null ? otherwise : value;
  }

  /**
   * A number, or the seconds since 1970 of a moment.
   *
   * @param name the member's name
   * @return null when it is not there
   */
  public @Nullable Double decimalOrNull(String name) {
    return (Double) values.get(name);
  }

  /**
   * A structure.
   *
   * @param name the member's name
   * @return null when it is not there
   */
  public @Nullable Members membersOrNull(String name) {
    return (Members) values.get(name);
  }

  /**
   * A structure that the definition requires.
   *
   * @param name the member's name
   * @return the structure
   */
  public Members members(String name) {
    return (Members) required(name);
  }

  private <T> List<T> list(String name, Class<T> type) {
    Object value = values.get(name);
    return value == null ? List.of() : ((List<?>) value).stream().map(type::cast).toList();
  }

  /**
   * Several structures.
   *
   * @param name the member's name
   * @return empty when it is not there
   */
  public List<Members> structures(String name) {
    return list(name, Members.class);
  }

  /**
   * Several texts.
   *
   * @param name the member's name
   * @return empty when it is not there
   */
  public List<String> texts(String name) {
    return list(name, String.class);
  }

  /**
   * Several values of items.
   *
   * @param name the member's name
   * @return empty when it is not there
   * @throws io.clouddb.testkit.simulator.aws.AwsError when something is wrong with one
   */
  public List<Value> values(String name) {
    return list(name, WireValue.class).stream().map(WireValue::get).toList();
  }

  /**
   * Several items.
   *
   * @param name the member's name
   * @return empty when it is not there
   */
  public List<WireItem> items(String name) {
    return list(name, WireItem.class);
  }

  private <T> Map<String, T> named(String name, Class<T> type) {
    Map<String, T> result = new LinkedHashMap<>();
    Object value = values.get(name);
    if (value != null) {
      ((Map<?, ?>) value).forEach((key, one) -> result.put((String) key, type.cast(one)));
    }
    return result;
  }

  /**
   * Structures by name.
   *
   * @param name the member's name
   * @return in the request's order; empty when it is not there
   */
  public Map<String, Members> namedStructures(String name) {
    return named(name, Members.class);
  }

  /**
   * Lists of structures by name.
   *
   * @param name the member's name
   * @return in the request's order; empty when it is not there
   */
  public Map<String, List<Members>> namedLists(String name) {
    Map<String, List<Members>> result = new LinkedHashMap<>();
    named(name, List.class)
        .forEach(
            (key, list) ->
                result.put(key, ((List<?>) list).stream().map(Members.class::cast).toList()));
    return result;
  }

  /**
   * Texts by name.
   *
   * @param name the member's name
   * @return null when it is not there
   */
  public @Nullable Map<String, String> namedTextsOrNull(String name) {
    return has(name) ? named(name, String.class) : null;
  }

  /**
   * An item, or a part of one, as it was sent.
   *
   * @param name the member's name
   * @return null when it is not there
   */
  public @Nullable WireItem itemOrNull(String name) {
    return (WireItem) values.get(name);
  }

  /**
   * An item that the definition requires.
   *
   * @param name the member's name
   * @return its values
   * @throws io.clouddb.testkit.simulator.aws.AwsError when something is wrong with one
   */
  public Map<String, Value> item(String name) {
    return ((WireItem) required(name)).get();
  }

  /**
   * A value of an item.
   *
   * @param name the member's name
   * @return null when it is not there
   * @throws io.clouddb.testkit.simulator.aws.AwsError when something is wrong with it
   */
  public @Nullable Value valueOrNull(String name) {
    WireValue value = (WireValue) values.get(name);
    return value == null ? null : value.get();
  }

  /**
   * A short text that stands for a member: another one for each other meaning.
   *
   * @param name the member's name
   * @return a hash
   */
  public String fingerprint(String name) {
    return Fingerprint.of(values.get(name));
  }
}
