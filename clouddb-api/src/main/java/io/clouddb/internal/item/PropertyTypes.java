/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.item;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.AnnotationIntrospector;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import io.clouddb.internal.text.Quoted;
import io.clouddb.table.Value;
import java.lang.reflect.Modifier;
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
import java.util.stream.Stream;

/**
 * Which types of properties are kept exactly. Of the JDK's those that are named here, and none
 * else: Jackson writes many of them, and reads another value. What a property or a class says of
 * its own serializer and deserializer is its own matter; one of the two alone is not enough.
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
    if (types.isTyped(bean)) {
      types.subtypes("", type, bean.getClassInfo(), types.subtypesOf(bean));
    } else if (!type.isAbstract() && !types.isItsOwnMatter(bean)) {
      types.properties("", type, bean);
    }
    return types.problems;
  }

  /** Says how it is written, and how it is read: one of the two alone may read another value. */
  private boolean isItsOwnMatter(BeanDescription bean) {
    AnnotatedClass type = bean.getClassInfo();
    return bean.findJsonValueAccessor() != null
        || (isWritten(type) && (isRead(type) || hasCreator(bean)));
  }

  private boolean isItsOwnMatter(AnnotatedMember member) {
    return isWritten(member) && isRead(member);
  }

  private boolean isContentItsOwnMatter(AnnotatedMember member) {
    return (annotations.findContentSerializer(member) != null
            || annotations.findSerializationContentConverter(member) != null)
        && (annotations.findContentDeserializer(member) != null
            || annotations.findDeserializationContentConverter(member) != null);
  }

  private boolean areKeysItsOwnMatter(AnnotatedMember member) {
    return annotations.findKeySerializer(member) != null
        && annotations.findKeyDeserializer(member) != null;
  }

  private boolean isWritten(Annotated annotated) {
    return annotations.findSerializer(annotated) != null
        || annotations.findSerializationConverter(annotated) != null;
  }

  private boolean isRead(Annotated annotated) {
    return annotations.findDeserializer(annotated) != null
        || annotations.findDeserializationConverter(annotated) != null;
  }

  /** Of all that is there at once. */
  private boolean hasCreator(BeanDescription bean) {
    return Stream.concat(bean.getConstructors().stream(), bean.getFactoryMethods().stream())
        .filter(each -> each.getParameterCount() == 1)
        .map(each -> annotations.findCreatorAnnotation(config, each))
        .anyMatch(mode -> mode == JsonCreator.Mode.DELEGATING || mode == JsonCreator.Mode.DEFAULT);
  }

  private boolean isTyped(BeanDescription bean) {
    return annotations.findTypeResolver(config, bean.getClassInfo(), bean.getType()) != null;
  }

  private Collection<NamedType> subtypesOf(BeanDescription bean) {
    return config
        .getSubtypeResolver()
        .collectAndResolveSubtypesByClass(config, bean.getClassInfo());
  }

  private void properties(String path, JavaType type, BeanDescription bean) {
    if (!seen.add(type)) {
      return;
    }
    for (BeanPropertyDefinition property : bean.findProperties()) {
      AnnotatedMember member = property.getPrimaryMember();
      // One without is never written, as of a class that has a setter alone.
      if (member != null && !isItsOwnMatter(member)) {
        property(
            path.isEmpty() ? property.getName() : path + "." + property.getName(),
            member,
            property.getPrimaryType());
      }
    }
  }

  private void property(String path, AnnotatedMember member, JavaType type) {
    if (type.isMapLikeType() && !areKeysItsOwnMatter(member)) {
      key(path, type);
    }
    if (type.isContainerType() && isContentItsOwnMatter(member)) {
      return;
    }
    boolean typed = annotations.findPropertyTypeResolver(config, member, type) != null;
    if (typed
        || (type.isContainerType()
            && annotations.findPropertyContentTypeResolver(config, member, type) != null)) {
      JavaType base = typed ? type : type.getContentType();
      subtypes(
          path,
          base,
          member,
          config.getSubtypeResolver().collectAndResolveSubtypesByClass(config, member, base));
    } else if (type.isMapLikeType()) {
      check(path + "{}", type.getContentType());
    } else {
      check(path, type);
    }
  }

  private void key(String path, JavaType map) {
    JavaType key = map.getKeyType();
    if (!key.isEnumType() && !KEYS.contains(key.getRawClass())) {
      refuse(path + "{}", key, "as a key; a map has texts for keys");
    }
  }

  /** Those that are told; of others, nothing is known before they are written. */
  private void subtypes(String path, JavaType base, Annotated telling, Collection<NamedType> all) {
    if (isByName(telling)
        && base.isAbstract()
        && all.stream().allMatch(each -> Modifier.isAbstract(each.getType().getModifiers()))) {
      refuse(path, base, "whose classes are told by names of which none is known: @JsonSubTypes");
    }
    for (NamedType each : all) {
      // The annotation of an interface tells all of its classes, to each of them.
      if (!base.getRawClass().isAssignableFrom(each.getType())) {
        continue;
      }
      JavaType type = config.constructSpecializedType(base, each.getType());
      BeanDescription bean = config.introspect(type);
      if (!type.isAbstract() && !ofTheJdk(type.getRawClass()) && !isItsOwnMatter(bean)) {
        properties(path, type, bean);
      }
    }
  }

  private boolean isByName(Annotated telling) {
    JsonTypeInfo.Value how = annotations.findPolymorphicTypeInfo(config, telling);
    return how != null
        && (how.getIdType() == JsonTypeInfo.Id.NAME
            || how.getIdType() == JsonTypeInfo.Id.SIMPLE_NAME);
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
      key(path, type);
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
    if (isTyped(bean)) {
      subtypes(path, type, bean.getClassInfo(), subtypesOf(bean));
    } else if (isItsOwnMatter(bean)) {
      return;
    } else if (type.isAbstract()) {
      refuse(path, type, "of which nothing says which class is read: annotate it (@JsonTypeInfo)");
    } else {
      properties(path, type, bean);
    }
  }

  private static boolean ofTheJdk(Class<?> type) {
    String name = type.getName();
    return name.startsWith("java.") || name.startsWith("javax.") || name.startsWith("jdk.");
  }

  private void refuse(String path, JavaType type, String why) {
    problems.add(
        (path.isEmpty() ? "it" : "property " + Quoted.of(path))
            + " is of "
            + type.getRawClass().getName()
            + ", "
            + why);
  }
}
