/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import io.clouddb.instance.InstanceField;

/**
 * Something that one cloud has and another may not. An open value: a provider may have features
 * that are not named here.
 *
 * @param id its name in lower case, for example {@code instance.stop}
 */
public record Feature(String id) {
  /** An instance can be stopped and started. */
  public static final Feature INSTANCE_STOP = new Feature("instance.stop");

  /** The cloud makes and keeps the administrator's password. */
  public static final Feature MANAGED_PASSWORD = of(InstanceField.ADMIN_MANAGED_PASSWORD);

  /**
   * A field of a spec can be honoured.
   *
   * @param field the field
   * @return for example {@code instance.spec.backup-window}
   */
  public static Feature of(InstanceField field) {
    return new Feature("instance.spec." + field.id());
  }

  @Override
  public String toString() {
    return id;
  }
}
