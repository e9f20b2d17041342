/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.json;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The version of a type's own JSON document, in {@code schemaVersion}: the one that this release
 * writes, and the only one that it reads. It changes when a reader of the last release would take
 * the document for something else.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface SchemaVersion {
  /**
   * The version.
   *
   * @return a number from 1 on
   */
  int value();
}
