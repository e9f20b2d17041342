/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.item;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedConstructor;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import com.fasterxml.jackson.databind.introspect.NopAnnotationIntrospector;
import io.clouddb.table.Value;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which components of a record have to be there: all that are not said to be nullable, and are
 * neither an {@link Optional} nor a set. And that null, said so, is only what can hold it.
 */
final class RecordRules extends NopAnnotationIntrospector {
  private static final long serialVersionUID = 1L;

  private final boolean nulls;

  /**
   * Begins.
   *
   * @param nulls whether null is written, and read as null
   */
  RecordRules(boolean nulls) {
    this.nulls = nulls;
  }

  /** Whether null is written, and read as null. */
  boolean nulls() {
    return nulls;
  }

  @Override
  public @Nullable Boolean hasRequiredMarker(AnnotatedMember member) {
    RecordComponent component = component(member);
    return component == null
        ? null
        : (Boolean) (required(component) && !Set.class.isAssignableFrom(component.getType()));
  }

  private static @Nullable RecordComponent component(AnnotatedMember member) {
    if (member instanceof AnnotatedParameter parameter
        && parameter.getOwner() instanceof AnnotatedConstructor owner
        && owner.getDeclaringClass().isRecord()) {
      RecordComponent[] components = owner.getDeclaringClass().getRecordComponents();
      if (components.length == owner.getParameterCount()) {
        return components[parameter.getIndex()];
      }
    }
    return null;
  }

  /** Whether null is refused when the record is written. */
  static boolean required(Class<?> type, @Nullable AnnotatedMember member) {
    return type.isRecord()
        && member != null
        && Arrays.stream(type.getRecordComponents())
            .filter(component -> component.getName().equals(member.getName()))
            .anyMatch(RecordRules::required);
  }

  private static boolean required(RecordComponent component) {
    return !component.getType().equals(Optional.class)
        && !nullable(component)
        && !nullable(component.getAnnotatedType())
        && !nullable(component.getAccessor());
  }

  private static boolean nullable(AnnotatedElement element) {
    return Arrays.stream(element.getAnnotations())
        .anyMatch(annotation -> annotation.annotationType().getSimpleName().equals("Nullable"));
  }

  /** Of setters and fields; parameters have a {@link NullGuard}. */
  @Override
  public JsonSetter.Value findSetterInfo(Annotated annotated) {
    return annotated instanceof AnnotatedParameter
            || (annotated instanceof AnnotatedMember member && holdsNull(member))
        ? JsonSetter.Value.empty()
        : JsonSetter.Value.forValueNulls(Nulls.FAIL);
  }

  /** Whether null, said so, can be what a parameter, setter or field is given. */
  boolean holdsNull(AnnotatedMember member) {
    if (value(member.getType())) {
      return true;
    }
    RecordComponent component = component(member);
    return nulls && (component == null || !required(component));
  }

  private static boolean value(JavaType type) {
    return type.hasRawClass(Value.class)
        || (type.isReferenceType() && value(type.getReferencedType()));
  }
}
