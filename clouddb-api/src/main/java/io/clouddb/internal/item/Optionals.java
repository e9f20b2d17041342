/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.item;

import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.deser.Deserializers;
import com.fasterxml.jackson.databind.deser.ValueInstantiator;
import com.fasterxml.jackson.databind.deser.std.ReferenceTypeDeserializer;
import com.fasterxml.jackson.databind.jsontype.TypeDeserializer;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.Serializers;
import com.fasterxml.jackson.databind.ser.std.ReferenceTypeSerializer;
import com.fasterxml.jackson.databind.type.ReferenceType;
import com.fasterxml.jackson.databind.type.TypeBindings;
import com.fasterxml.jackson.databind.type.TypeFactory;
import com.fasterxml.jackson.databind.type.TypeModifier;
import com.fasterxml.jackson.databind.util.NameTransformer;
import java.lang.reflect.Type;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Optional values: one that is empty is left out, and what is not there is empty. */
final class Optionals extends SimpleModule {
  private static final long serialVersionUID = 1L;

  @Override
  public void setupModule(Module.SetupContext context) {
    context.addTypeModifier(
        new TypeModifier() {
          @Override
          public JavaType modifyType(
              JavaType type, Type declared, TypeBindings bindings, TypeFactory factory) {
            return type.hasRawClass(Optional.class) && !type.isReferenceType()
                ? ReferenceType.upgradeFrom(type, type.containedTypeOrUnknown(0))
                : type;
          }
        });
    context.addSerializers(
        new Serializers.Base() {
          @Override
          public @Nullable JsonSerializer<?> findReferenceSerializer(
              SerializationConfig config,
              ReferenceType type,
              BeanDescription bean,
              @Nullable TypeSerializer contentType,
              @Nullable JsonSerializer<Object> content) {
            return type.hasRawClass(Optional.class) ? new Writer(type, contentType, content) : null;
          }
        });
    context.addDeserializers(
        new Deserializers.Base() {
          @Override
          public @Nullable JsonDeserializer<?> findReferenceDeserializer(
              ReferenceType type,
              DeserializationConfig config,
              BeanDescription bean,
              @Nullable TypeDeserializer contentType,
              @Nullable JsonDeserializer<?> content) {
            return type.hasRawClass(Optional.class) ? new Reader(type, contentType, content) : null;
          }
        });
  }

  private static final class Writer extends ReferenceTypeSerializer<Optional<?>> {
    private static final long serialVersionUID = 1L;

    Writer(
        ReferenceType type,
        @Nullable TypeSerializer contentType,
        @Nullable JsonSerializer<Object> content) {
      super(type, false, contentType, content);
    }

    private Writer(
        Writer base,
        @Nullable BeanProperty property,
        @Nullable TypeSerializer contentType,
        @Nullable JsonSerializer<?> content,
        @Nullable NameTransformer unwrapper,
        @Nullable Object left,
        boolean leavesNull) {
      super(base, property, contentType, content, unwrapper, left, leavesNull);
    }

    @Override
    protected ReferenceTypeSerializer<Optional<?>> withResolved(
        BeanProperty property,
        TypeSerializer contentType,
        JsonSerializer<?> content,
        NameTransformer unwrapper) {
      return new Writer(
          this, property, contentType, content, unwrapper, _suppressableValue, _suppressNulls);
    }

    @Override
    public ReferenceTypeSerializer<Optional<?>> withContentInclusion(
        Object left, boolean leavesNull) {
      return new Writer(
          this, _property, _valueTypeSerializer, _valueSerializer, _unwrapper, left, leavesNull);
    }

    @Override
    protected boolean _isValuePresent(Optional<?> optional) {
      return optional.isPresent();
    }

    @Override
    protected Object _getReferenced(Optional<?> optional) {
      return optional.orElseThrow();
    }

    @Override
    protected @Nullable Object _getReferencedIfPresent(Optional<?> optional) {
      return optional.orElse(null);
    }
  }

  /** Reads one; {@link PartReader} looks into it. */
  static final class Reader extends ReferenceTypeDeserializer<Optional<?>> {
    private static final long serialVersionUID = 1L;

    Reader(
        JavaType type,
        @Nullable TypeDeserializer contentType,
        @Nullable JsonDeserializer<?> content) {
      super(type, (ValueInstantiator) null, contentType, content);
    }

    /** What reads the value in it. */
    JsonDeserializer<?> content() {
      return _valueDeserializer;
    }

    @Override
    protected ReferenceTypeDeserializer<Optional<?>> withResolved(
        TypeDeserializer contentType, JsonDeserializer<?> content) {
      return new Reader(_fullType, contentType, content);
    }

    @Override
    public Optional<?> getNullValue(DeserializationContext context) throws JsonMappingException {
      return Optional.ofNullable(_valueDeserializer.getNullValue(context));
    }

    @Override
    public Object getAbsentValue(DeserializationContext context) {
      return Optional.empty();
    }

    @Override
    public Optional<?> referenceValue(Object contents) {
      return Optional.ofNullable(contents);
    }

    @Override
    public Optional<?> updateReference(Optional<?> reference, Object contents) {
      return Optional.ofNullable(contents);
    }

    @Override
    public @Nullable Object getReferenced(Optional<?> reference) {
      return reference.orElse(null);
    }
  }
}
