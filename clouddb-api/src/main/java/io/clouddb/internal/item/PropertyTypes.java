/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.item;

import com.fasterxml.jackson.databind.AnnotationIntrospector;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import io.clouddb.internal.text.Quoted;
import io.clouddb.table.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Currency;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Which types of properties are kept exactly. Of the JDK's those that are named here, and none
 * else: Jackson writes many of them, and reads another value. What a property or a class says of
 * its own serializer is its own matter.
 */
final class PropertyTypes {
  private static final Set<Class<?>> EXACT =
      Set.of(
          Value.class,
          String.class,
          Boolean.class,
          Byte.class,
          Short.class,
          Integer.class,
          Long.class,
          Float.class,
          Double.class,
          Character.class,
          BigInteger.class,
          BigDecimal.class,
          byte[].class,
          char[].class,
          ByteBuffer.class,
          UUID.class,
          URI.class,
          Currency.class,
          Date.class,
          Instant.class,
          Duration.class,
          Period.class,
          LocalDate.class,
          LocalTime.class,
          LocalDateTime.class,
          OffsetTime.class,
          OffsetDateTime.class,
          ZonedDateTime.class,
          Year.class,
          YearMonth.class,
          MonthDay.class,
          ZoneId.class,
          ZoneOffset.class);

  private static final Set<Class<?>> KEYS =
      Set.of(
          String.class,
          Byte.class,
          Short.class,
          Integer.class,
          Long.class,
          UUID.class,
          Instant.class,
          LocalDate.class);

  private final SerializationConfig config;
  private final AnnotationIntrospector annotations;
  private final Set<JavaType> seen = new HashSet<>();
  private final List<String> problems = new ArrayList<>();

  private PropertyTypes(SerializationConfig config) {
    this.config = config;
    this.annotations = config.getAnnotationIntrospector();
  }

  /** What of a class is not kept exactly, by property and type. */
  static List<String> problems(SerializationConfig config, JavaType type) {
    PropertyTypes types = new PropertyTypes(config);
    BeanDescription bean = config.introspect(type);
    if (!type.isAbstract() && !types.isItsOwnMatter(bean.getClassInfo(), bean)) {
      types.properties("", type, bean);
    }
    return types.problems;
  }

  private boolean isItsOwnMatter(AnnotatedClass type, BeanDescription bean) {
    return annotations.findSerializer(type) != null
        || annotations.findDeserializer(type) != null
        || annotations.findSerializationConverter(type) != null
        || annotations.findDeserializationConverter(type) != null
        || annotations.findTypeResolver(config, type, bean.getType()) != null
        || bean.findJsonValueAccessor() != null;
  }

  private boolean isItsOwnMatter(AnnotatedMember member, JavaType type) {
    return annotations.findSerializer(member) != null
        || annotations.findDeserializer(member) != null
        || annotations.findSerializationConverter(member) != null
        || annotations.findDeserializationConverter(member) != null
        || annotations.findContentSerializer(member) != null
        || annotations.findContentDeserializer(member) != null
        || annotations.findPropertyTypeResolver(config, member, type) != null
        || (type.isContainerType()
            && annotations.findPropertyContentTypeResolver(config, member, type) != null);
  }

  private void properties(String path, JavaType type, BeanDescription bean) {
    if (!seen.add(type)) {
      return;
    }
    for (BeanPropertyDefinition property : bean.findProperties()) {
      AnnotatedMember member = property.getPrimaryMember();
      JavaType its = property.getPrimaryType();
      // One without is never written, as of a class that has a setter alone.
      if (member != null && !isItsOwnMatter(member, its)) {
        check(path.isEmpty() ? property.getName() : path + "." + property.getName(), its);
      }
    }
  }

  private void check(String path, JavaType type) {
    Class<?> raw = type.getRawClass();
    if (raw.isPrimitive() || type.isEnumType() || EXACT.contains(raw)) {
      return;
    }
    if (type.isArrayType()) {
      check(path + "[]", type.getContentType());
    } else if (raw.equals(Optional.class)) {
      check(path, type.getReferencedType());
    } else if (type.isTypeOrSubTypeOf(Set.class)) {
      set(path, type);
    } else if (type.isCollectionLikeType() && !raw.equals(Collection.class)) {
      check(path + "[]", type.getContentType());
    } else if (type.isMapLikeType()) {
      JavaType key = type.getKeyType();
      if (!key.isEnumType() && !KEYS.contains(key.getRawClass())) {
        refuse(path + "{}", key, "as a key; a map has texts for keys");
      }
      check(path + "{}", type.getContentType());
    } else {
      object(path, type);
    }
  }

  private void set(String path, JavaType type) {
    try {
      ElementKind.of(type, null);
    } catch (Refused e) {
      problems.add("property " + Quoted.of(path) + " " + e.why());
    }
  }

  private void object(String path, JavaType type) {
    if (ofTheJdk(type.getRawClass()) || Value.class.isAssignableFrom(type.getRawClass())) {
      refuse(
          path,
          type,
          "which is not kept exactly: make it a Value, a type that ItemType names, or give it a"
              + " serializer and a deserializer");
      return;
    }
    BeanDescription bean = config.introspect(type);
    if (isItsOwnMatter(bean.getClassInfo(), bean)) {
      return;
    }
    if (type.isAbstract()) {
      refuse(path, type, "of which nothing says which class is read: annotate it (@JsonTypeInfo)");
      return;
    }
    properties(path, type, bean);
  }

  private static boolean ofTheJdk(Class<?> type) {
    String name = type.getName();
    return name.startsWith("java.") || name.startsWith("javax.") || name.startsWith("jdk.");
  }

  private void refuse(String path, JavaType type, String why) {
    problems.add(
        "property " + Quoted.of(path) + " is of " + type.getRawClass().getName() + ", " + why);
  }
}
