/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.json;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.PropertyName;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedConstructor;
import com.fasterxml.jackson.databind.introspect.NopAnnotationIntrospector;
import org.jspecify.annotations.Nullable;

/** Has Jackson read a value by the constructor whose parameters have a {@link Part} each. */
final class PartNames extends NopAnnotationIntrospector {
  private static final long serialVersionUID = 1L;

  @Override
  public JsonCreator.@Nullable Mode findCreatorAnnotation(
      MapperConfig<?> config, Annotated annotated) {
    return annotated instanceof AnnotatedConstructor constructor && hasParts(constructor)
        ? JsonCreator.Mode.PROPERTIES
        : null;
  }

  private static boolean hasParts(AnnotatedConstructor constructor) {
    int count = constructor.getParameterCount();
    for (int i = 0; i < count; i++) {
      if (!constructor.getParameter(i).hasAnnotation(Part.class)) {
        return false;
      }
    }
    return count > 0;
  }

  @Override
  public @Nullable PropertyName findNameForDeserialization(Annotated annotated) {
    Part part = annotated.getAnnotation(Part.class);
    return part == null ? null : PropertyName.construct(part.value());
  }
}
