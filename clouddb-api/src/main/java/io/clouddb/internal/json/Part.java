/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.json;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names a parameter of the constructor by which a value is read from JSON. A constructor whose
 * parameters all have one is that constructor, so that a value says itself how it is read. What it
 * refuses to be null is refused where it is missing.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
public @interface Part {
  /**
   * The field's name.
   *
   * @return the name of the field of the class that is written
   */
  String value();
}
