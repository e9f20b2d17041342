/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.plan.Plan;
import io.clouddb.spi.CloudDriver;
import io.clouddb.spi.InstanceDriver;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A cloud in which nothing is and nothing can be made, for tests to add what they are about. */
public abstract class EmptyDriver implements CloudDriver, InstanceDriver {
  @Override
  public String account() {
    return "one";
  }

  @Override
  public final InstanceDriver instances() {
    return this;
  }

  @Override
  public Support supports(Feature feature, FeatureContext context) {
    return Support.no("nothing is");
  }

  @Override
  public <T> Optional<T> unwrap(Class<T> type) {
    return Optional.empty();
  }

  @Override
  public Plan plan(InstanceSpec spec) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Plan plan(InstanceChange change) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<Instance> find(String name) {
    return Optional.empty();
  }

  @Override
  public Page<Instance> list(@Nullable String pageToken) {
    return new Page<>(List.of(), null);
  }

  @Override
  public void close() {}
}
