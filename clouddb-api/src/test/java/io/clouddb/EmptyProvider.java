/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import io.clouddb.spi.CloudDbProvider;
import java.util.Set;

/** A provider that is told nothing, for tests to add what they are about. */
public abstract class EmptyProvider implements CloudDbProvider {
  private final String id;

  protected EmptyProvider(String id) {
    this.id = id;
  }

  @Override
  public final String id() {
    return id;
  }

  @Override
  public Set<String> properties() {
    return Set.of();
  }

  @Override
  public Set<Class<?>> acceptedObjects() {
    return Set.of();
  }
}
