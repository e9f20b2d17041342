/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.item;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.deser.BeanDeserializerBase;
import com.fasterxml.jackson.databind.deser.SettableBeanProperty;
import com.fasterxml.jackson.databind.deser.impl.BeanAsArrayBuilderDeserializer;
import com.fasterxml.jackson.databind.deser.impl.BeanAsArrayDeserializer;
import com.fasterxml.jackson.databind.deser.std.ContainerDeserializerBase;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.util.ClassUtil;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import io.clouddb.internal.text.Quoted;
import io.clouddb.table.AttributePath;
import io.clouddb.table.Value;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a part of a property can be, without the object around it: it goes down by the types, and
 * stops where they tell no more, as in a {@link Value}.
 */
final class PartReader {
  private final DeserializationContext context;

  /** What reads where this is, and of which type that is. */
  private @Nullable JsonDeserializer<?> reader;

  private JavaType type;

  /** The property whose value this is; null in a list or a map. */
  private @Nullable SettableBeanProperty property;

  PartReader(DeserializationContext context, SettableBeanProperty property) {
    this.context = context;
    this.property = property;
    this.reader = property.getValueDeserializer();
    this.type = property.getType();
  }

  /** Whether an object of a class takes what is none of its properties, too. */
  static boolean isOpen(DeserializationContext context, JavaType type, JsonDeserializer<?> reader) {
    BeanDescription bean = context.getConfig().introspect(type);
    return !(reader instanceof BeanDeserializerBase)
        || bean.findAnySetterAccessor() != null
        || context
            .getAnnotationIntrospector()
            .findPropertyIgnoralByName(context.getConfig(), bean.getClassInfo())
            .getIgnoreUnknown()
        || bean.findProperties().stream().anyMatch(each -> isUnwrapped(context, each));
  }

  private static boolean isUnwrapped(
      DeserializationContext context, BeanPropertyDefinition property) {
    return context
            .getAnnotationIntrospector()
            .findUnwrappingNameTransformer(property.getPrimaryMember())
        != null;
  }

  /** Refuses a value of a part; null for one that is taken away. */
  void require(List<AttributePath.Step> steps, @Nullable Value value, JsonParser in)
      throws IOException {
    for (int i = 0; i < steps.size(); i++) {
      Value last = i == steps.size() - 1 ? value : null;
      if (!enter(steps.get(i), last, in)) {
        return;
      }
    }
    SettableBeanProperty at = property;
    if (value == null) {
      if (at != null && at.isRequired()) {
        throw new Refused(in, "has to be there");
      }
    } else if (at != null) {
      at.deserialize(tokens(value), context);
    }
  }

  /** Goes down by a step; false where the types tell no more. */
  private boolean enter(AttributePath.Step step, @Nullable Value last, JsonParser in)
      throws IOException {
    while (reader instanceof Optionals.Reader optional) {
      reader = optional.content();
      type = type.getReferencedType();
    }
    JsonDeserializer<?> at = reader;
    if (at == null || (property != null && property.getValueTypeDeserializer() != null)) {
      return false;
    }
    if (at instanceof BeanDeserializerBase bean) {
      return enterObject(bean, step, in);
    }
    if (isWhole(at)) {
      throw new Refused(in, "has no parts that could be changed: it is a " + name());
    }
    if (!isList(at)) {
      return false;
    }
    boolean map = type.isMapLikeType();
    if (step instanceof AttributePath.Member member) {
      if (!map) {
        throw new Refused(in, "is a list, which has no members");
      }
      whole(at, Value.map(Map.of(member.name(), last == null ? Value.ofNull() : last)), last);
    } else {
      if (map) {
        throw new Refused(in, "is a map, which has no elements");
      }
      whole(at, Value.list(last == null ? Value.ofNull() : last), last);
    }
    property = null;
    type = type.getContentType();
    reader = at instanceof ContainerDeserializerBase<?> its ? its.getContentDeserializer() : null;
    return true;
  }

  /** Numbers in an array have a reader of their own. */
  private boolean isWhole(JsonDeserializer<?> at) {
    return at instanceof SetReader
        || type.hasRawClass(char[].class)
        || (at instanceof Scalar && (!type.isArrayType() || type.hasRawClass(byte[].class)));
  }

  /** Or a map. What an application reads in its own way may need all of it. */
  private boolean isList(JsonDeserializer<?> at) {
    return at instanceof ContainerDeserializerBase
        || at instanceof Scalar
        || (type.isArrayType() && ClassUtil.isJacksonStdImpl(at));
  }

  /** The part alone, in as much around it as reads it. */
  private void whole(JsonDeserializer<?> at, Value around, @Nullable Value part)
      throws IOException {
    if (part != null) {
      at.deserialize(tokens(around), context);
    }
  }

  private boolean enterObject(BeanDeserializerBase bean, AttributePath.Step step, JsonParser in)
      throws IOException {
    if (isArray(bean)) {
      if (step instanceof AttributePath.Member) {
        throw new Refused(in, "is a " + name() + " as a list, which has no members");
      }
      return false;
    }
    if (isInAnotherWay(bean)) {
      return false;
    }
    if (!(step instanceof AttributePath.Member member)) {
      throw new Refused(in, "is a " + name() + ", which has no elements");
    }
    SettableBeanProperty next = bean.findProperty(member.name());
    if (next == null) {
      if (isOpen(context, type, bean)
          || !context.isEnabled(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)) {
        return false;
      }
      throw new Refused(
          in, "is a " + name() + ", which has no property " + Quoted.of(member.name()));
    }
    property = next;
    reader = next.getValueDeserializer();
    type = next.getType();
    return true;
  }

  /** An object whose properties are the elements of a list: {@code @JsonFormat(shape = ARRAY)}. */
  private static boolean isArray(BeanDeserializerBase bean) {
    return bean instanceof BeanAsArrayDeserializer
        || bean instanceof BeanAsArrayBuilderDeserializer;
  }

  /** One that is made of all that is there at once, or is maybe of a subclass. */
  private boolean isInAnotherWay(BeanDeserializerBase bean) {
    var its = context.getConfig().introspect(type).getClassInfo();
    return bean.getValueInstantiator().canCreateUsingDelegate()
        || bean.getValueInstantiator().canCreateUsingArrayDelegate()
        || context.getAnnotationIntrospector().findTypeResolver(context.getConfig(), its, type)
            != null;
  }

  private String name() {
    return type.getRawClass().getSimpleName();
  }

  private JsonParser tokens(Value value) throws IOException {
    // Not closed: its parser reads what is in memory, of which nothing has to be given back.
    TokenBuffer buffer = new TokenBuffer(context.getParser(), context);
    ValueTokens.write(value, buffer);
    return buffer.asParserOnFirstToken();
  }
}
