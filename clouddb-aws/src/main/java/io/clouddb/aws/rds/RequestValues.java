/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/**
 * A request as flat text values, so that an operation's token can carry one that is sent later,
 * with the caller's changes to it: {@code AllocatedStorage}, {@code Tags.1.Key}.
 */
final class RequestValues {
  private static final Map<MarshallingType<?>, Parser> PARSERS =
      Map.of(
          MarshallingType.STRING, text -> text,
          MarshallingType.INTEGER, Integer::valueOf,
          MarshallingType.LONG, Long::valueOf,
          MarshallingType.DOUBLE, Double::valueOf,
          MarshallingType.BOOLEAN, Boolean::valueOf);

  /** Reads one value. */
  private interface Parser {
    Object parse(String text);
  }

  private RequestValues() {}

  /**
   * Writes what is set in a request.
   *
   * @param request a request or its builder
   * @param prefix what the names begin with
   * @return name to value
   * @throws io.clouddb.error.InvalidArgumentException when a member is set that has no flat form
   */
  static Map<String, String> write(SdkPojo request, String prefix) {
    Map<String, String> values = new TreeMap<>();
    writeMembers(request, prefix, values);
    return values;
  }

  private static void writeMembers(SdkPojo pojo, String prefix, Map<String, String> values) {
    for (SdkField<?> field : pojo.sdkFields()) {
      write(field, field.getValueOrDefault(pojo), prefix + field.memberName(), values);
    }
  }

  private static void write(
      SdkField<?> field, @Nullable Object value, String name, Map<String, String> values) {
    if (value == null
        || value instanceof SdkAutoConstructList
        || value instanceof SdkAutoConstructMap) {
      return;
    }
    MarshallingType<?> type = field.marshallingType();
    if (value instanceof List<?> list) {
      SdkField<?> element = field.getRequiredTrait(ListTrait.class).memberFieldInfo();
      for (int i = 0; i < list.size(); i++) {
        write(element, list.get(i), name + "." + (i + 1), values);
      }
    } else if (value instanceof SdkPojo pojo) {
      writeMembers(pojo, name + ".", values);
    } else if (PARSERS.containsKey(type)) {
      values.put(name, value.toString());
    } else {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              "Native.customize cannot set " + name + ", which no operation token can carry")
          .toException();
    }
  }

  /**
   * Sets in a builder what was written.
   *
   * @param values what {@link #write} gave; others are not looked at
   * @param prefix what the names begin with
   * @param builder an empty builder
   */
  static void read(Map<String, String> values, String prefix, SdkPojo builder) {
    for (SdkField<?> field : builder.sdkFields()) {
      Object value = read(values, field, prefix + field.memberName());
      if (value != null) {
        field.set(builder, value);
      }
    }
  }

  private static @Nullable Object read(Map<String, String> values, SdkField<?> field, String name) {
    MarshallingType<?> type = field.marshallingType();
    Parser parser = PARSERS.get(type);
    if (parser != null) {
      String text = values.get(name);
      return text == null ? null : parser.parse(text);
    }
    if (values.keySet().stream().noneMatch(key -> key.startsWith(name + "."))) {
      return null;
    }
    if (type == MarshallingType.LIST) {
      SdkField<?> element = field.getRequiredTrait(ListTrait.class).memberFieldInfo();
      List<Object> list = new ArrayList<>();
      for (int i = 1; ; i++) {
        Object value = read(values, element, name + "." + i);
        if (value == null) {
          return list;
        }
        list.add(value);
      }
    }
    SdkPojo pojo = field.constructor().get();
    read(values, name + ".", pojo);
    return pojo instanceof SdkBuilder<?, ?> nested ? nested.build() : pojo;
  }
}
