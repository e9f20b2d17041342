/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.item;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.PropertyName;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.ser.BeanPropertyWriter;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A property that is not written as whatever it is: a component of a record that has to be there,
 * and a set of any kind, which is left out when it is empty, since no item can hold that.
 */
final class ExactProperty extends BeanPropertyWriter {
  private static final long serialVersionUID = 1L;

  private static final String REQUIRED =
      "is null, and the record does not say that it can be: annotate it with a @Nullable"
          + " that is kept at run time (as that of JSpecify), or make it an Optional";

  private static final String AS_EMPTY =
      "is null, and would be read as an empty set: make it an empty one, or keep nulls by nulls()";

  private static final String UNWRAPPED =
      "is unwrapped, which a component of a record cannot be: leave @JsonUnwrapped out";

  private final @Nullable String noNull;
  private final boolean unwrapped;

  private ExactProperty(BeanPropertyWriter property, @Nullable String noNull, boolean unwrapped) {
    super(property);
    this.unwrapped = unwrapped;
    this.noNull = noNull;
  }

  /** The property of a class, as it has to be written. */
  static BeanPropertyWriter of(Class<?> owner, BeanPropertyWriter property, boolean nulls) {
    boolean required = RecordRules.required(owner, property.getMember());
    boolean set = property.getType().isTypeOrSubTypeOf(Set.class);
    String asEmpty = set && owner.isRecord() && !nulls ? AS_EMPTY : null;
    boolean unwrapped = owner.isRecord() && property.isUnwrapping();
    return required || set || unwrapped
        ? new ExactProperty(property, required ? REQUIRED : asEmpty, unwrapped)
        : property;
  }

  @Override
  protected BeanPropertyWriter _new(PropertyName name) {
    return new ExactProperty(super._new(name), noNull, unwrapped);
  }

  @Override
  public void serializeAsField(Object bean, JsonGenerator out, SerializerProvider provider)
      throws Exception {
    if (unwrapped) {
      throw new Refused(out, UNWRAPPED);
    }
    Object value = get(bean);
    if (value == null && noNull != null) {
      throw new Refused(out, noNull);
    }
    if (!(value instanceof Set<?> set) || !set.isEmpty()) {
      super.serializeAsField(bean, out, provider);
    }
  }
}
