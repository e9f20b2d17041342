/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.item;

import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.NullValueProvider;
import com.fasterxml.jackson.databind.deser.SettableBeanProperty;
import com.fasterxml.jackson.databind.deser.ValueInstantiator;
import com.fasterxml.jackson.databind.deser.ValueInstantiators;
import com.fasterxml.jackson.databind.deser.std.StdValueInstantiator;
import com.fasterxml.jackson.databind.util.AccessPattern;
import org.jspecify.annotations.Nullable;

/**
 * Refuses null, said so, for parameters of constructors, but not that there is nothing: Jackson's
 * own way of failing makes no difference between the two.
 */
final class NullGuard implements NullValueProvider {
  static ValueInstantiators forAll(RecordRules rules) {
    return new ValueInstantiators.Base() {
      @Override
      public ValueInstantiator findValueInstantiator(
          DeserializationConfig config, BeanDescription bean, ValueInstantiator own) {
        return own instanceof StdValueInstantiator standard && own.canCreateFromObjectWith()
            ? new Guarding(standard, rules)
            : own;
      }
    };
  }

  private static final class Guarding extends StdValueInstantiator {
    private static final long serialVersionUID = 1L;

    Guarding(StdValueInstantiator standard, RecordRules rules) {
      super(standard);
      SettableBeanProperty[] all = _constructorArguments.clone();
      for (int i = 0; i < all.length; i++) {
        if (!rules.holdsNull(all[i].getMember())) {
          all[i] = all[i].withNullProvider(new NullGuard());
        }
      }
      _constructorArguments = all;
    }
  }

  @Override
  public Object getNullValue(DeserializationContext context) throws JsonMappingException {
    throw new Refused(
        context.getParser(),
        "holds null: only a Value or an Optional<Value> can, and with nulls() what can be null");
  }

  @Override
  public @Nullable Object getAbsentValue(DeserializationContext context) {
    return null;
  }

  @Override
  public AccessPattern getNullAccessPattern() {
    return AccessPattern.DYNAMIC;
  }
}
